//! A signed bundle on a desk, and what somebody with or without the key does to it.

use std::{fs, path::PathBuf};

use strongroom::evidence::{
    Entry, Envelope, Manifest, PAYLOAD_TYPE, SigningKey, Statement, VerifyingKey, pae,
    verify::Found,
};

use crate::cli::desk::{Desk, Run, applied, desk};

/// A desk with a key `key` and a bundle `out`.
pub struct Bundle {
    /// Where it lies.
    pub desk: Desk,
}

impl Bundle {
    /// A bundle that a command wrote on a desk, with a key beside it.
    #[cfg(feature = "aws")]
    pub fn on(desk: Desk) -> Self {
        Self { desk }
    }

    /// A rehearsal of the small bank.
    pub fn rehearsed() -> Self {
        let desk = desk();
        desk.run("keygen -o key").exits(0);
        desk.run("rehearse sandbox.yaml -o out --sign-key key")
            .exits(0);
        Self { desk }
    }

    /// A report about the small bank in the embedded sandbox.
    pub fn reported() -> Self {
        let desk = applied();
        desk.run("keygen -o key --algorithm ed25519").exits(0);
        desk.run("report sandbox.yaml -o out --sign-key key")
            .exits(0);
        Self { desk }
    }

    /// The path of a file of the bundle.
    pub fn path(&self, name: &str) -> PathBuf {
        self.desk.path(&format!("out/{name}"))
    }

    /// The bytes of a file of the bundle.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Exchanges text in a file.
    pub fn replaced(self, name: &str, text: &str, by: &str) -> Self {
        let old = String::from_utf8(self.bytes(name)).unwrap();
        assert!(old.contains(text), "{name} has no {text}");
        fs::write(self.path(name), old.replacen(text, by, 1)).unwrap();
        self
    }

    /// The manifest as it is.
    pub fn manifest(&self) -> Manifest {
        Manifest::parse(&self.bytes("manifest.json")).unwrap()
    }

    /// Writes a manifest, and signs it.
    pub fn signed(self, manifest: &Manifest, key: &SigningKey) -> Self {
        fs::write(self.path("manifest.json"), manifest.to_bytes().unwrap()).unwrap();
        let statement = Statement::about(manifest).unwrap().to_bytes().unwrap();
        let signature = key.sign(&pae(PAYLOAD_TYPE, &statement));
        let envelope = Envelope::new(&statement, &key.verifying_key(), &signature);
        let bytes = envelope.to_bytes().unwrap();
        fs::write(self.path("manifest.dsse.json"), bytes).unwrap();
        self
    }

    /// Makes manifest and signature true of the files that are there, as whoever holds `key` can.
    pub fn resealed(self, key: &SigningKey) -> Self {
        let found = self.found();
        let mut manifest = self.manifest();
        let entries = found.files.iter();
        manifest.files = entries
            .map(|(name, bytes)| (name.parse().unwrap(), Entry::of(bytes)))
            .collect();
        self.signed(&manifest, key)
    }

    /// The key that signed.
    pub fn key(&self) -> SigningKey {
        SigningKey::from_pem(&self.desk.read("key")).unwrap()
    }

    /// The key that verifies.
    pub fn public(&self) -> VerifyingKey {
        VerifyingKey::from_pem(&self.desk.read("key.pub")).unwrap()
    }

    /// Everything that lies in the folder.
    pub fn found(&self) -> Found {
        let names = self.desk.tree("out").into_iter();
        let files = names.map(|name| (name.clone(), self.bytes(&name)));
        let mut found = Found {
            files: files.collect(),
            ..Found::default()
        };
        found.manifest = found.files.remove("manifest.json");
        found.envelope = found.files.remove("manifest.dsse.json");
        found
    }

    /// Verifies with the pinned key.
    pub fn verify(&self, more: &str) -> Run {
        self.desk.run(&format!("verify out --key key.pub {more}"))
    }

    /// It does not verify, and this is why.
    #[track_caller]
    pub fn fails(&self, why: &str) {
        self.verify("").exits(14).says("does not verify").says(why);
    }
}
