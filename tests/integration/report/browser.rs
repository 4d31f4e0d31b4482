//! The page in a real browser, where `STRONGROOM_BROWSER` names a Chromium: the policy lets the
//! script run, the filters come to life, and nothing is refused.

use std::process::Command;

use super::judged::Judged;

#[test]
fn the_script_runs_under_the_policy() {
    let Ok(browser) = std::env::var("STRONGROOM_BROWSER") else {
        // Without a browser the other tests hold the page; this one is for those who have one.
        return;
    };
    let folder = tempfile::TempDir::new().unwrap();
    let page = folder.path().join("report.html");
    std::fs::write(&page, Judged::bank().page()).unwrap();
    let profile = format!(
        "--user-data-dir={}",
        folder.path().join("profile").display()
    );
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args([profile.as_str(), "--enable-logging=stderr", "--dump-dom"])
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(!log.contains("Content Security Policy"), "{log}");
    let form = dom.split("<form id=\"filter\"").nth(1).unwrap();
    let tag = form.split('>').next().unwrap();
    assert!(!tag.contains("hidden"), "the script has not run: {tag}");
}
