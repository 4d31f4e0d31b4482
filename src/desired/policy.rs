//! The one inline policy of a role: what the runtime needs and what the service declares.

use std::collections::BTreeMap;

use super::{Compiler, boundary::LAMBDA_INTERFACE};
use crate::{
    iam::{
        PolicyDocument, Statement,
        access::{self, AccessStatement},
    },
    model::{Access, Naming, Runtime, Service},
    resource::Ref,
};

/// What a writer of logs calls.
const WRITE_LOGS: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];
/// What pulls an image.
pub(super) const PULL_IMAGE: [&str; 3] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
];

impl Compiler<'_> {
    /// The policy of a workload role; none where it would be empty.
    pub(super) fn workload_policy(&mut self, service: &Service) -> Option<PolicyDocument> {
        let mut statements: BTreeMap<String, Statement> = self.declared(service);
        statements.extend(self.runtime_statements(service));
        statements.extend(self.invocations(service));
        (!statements.is_empty()).then(|| PolicyDocument {
            statements: statements.into(),
            ..PolicyDocument::default()
        })
    }

    /// The policy of an ECS execution role.
    /// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html>
    pub(super) fn execution_policy(&self, service: &Service) -> PolicyDocument {
        let name = format!("repository/{}/{}", self.environment.name, service.name);
        let repository = Ref::Literal(self.arn("ecr", &name));
        PolicyDocument::new([
            ("PullImage", Statement::allow(PULL_IMAGE).on([repository])),
            // ECR offers no resource for its token.
            (
                "RegistryToken",
                Statement::allow(["ecr:GetAuthorizationToken"]).on_any(),
            ),
            ("WriteLogs", self.write_logs(service)),
        ])
    }

    fn write_logs(&self, service: &Service) -> Statement {
        Statement::allow(WRITE_LOGS).on([Ref::Literal(self.log_streams(service))])
    }

    fn runtime_statements(&self, service: &Service) -> Vec<(String, Statement)> {
        let own = |sid: &str, statement| (sid.to_owned(), statement);
        match service.runtime {
            Runtime::Lambda => vec![
                own("AttachToVpc", Statement::allow(LAMBDA_INTERFACE).on_any()),
                own("AttachToVpcNotFromCode", not_from_code()),
                own("WriteLogs", self.write_logs(service)),
            ],
            Runtime::Ec2 => vec![own("WriteLogs", self.write_logs(service))],
            // Fargate logs through the execution role, pods through the node's agent.
            Runtime::EcsFargate | Runtime::EksPodIdentity { .. } | Runtime::EksIrsa { .. } => {
                vec![]
            }
        }
    }

    /// The declared access, folded, each statement named by its position.
    fn declared(&mut self, service: &Service) -> BTreeMap<String, Statement> {
        let mut compiled = Vec::new();
        for declared in &service.access {
            match self.compile_access(declared) {
                Ok(statements) => compiled.extend(statements),
                Err(error) => self.problem(&service.name, "access", error.to_string()),
            }
        }
        access::fold(compiled)
            .into_iter()
            .enumerate()
            .map(|(index, AccessStatement { actions, resources })| {
                let statement =
                    Statement::allow(actions).on(resources.into_iter().map(Ref::Literal));
                (format!("Access{}", index + 1), statement)
            })
            .collect()
    }

    fn compile_access(
        &self,
        declared: &Access,
    ) -> Result<Vec<AccessStatement>, access::AccessError> {
        let target = declared.to.parse()?;
        access::compile(&declared.grant, &target, &self.place(), self.catalogue)
    }

    /// A call to a Lambda function is an invocation: functions accept no connection.
    fn invocations(&self, service: &Service) -> Option<(String, Statement)> {
        let functions: Vec<Ref> = service
            .calls
            .iter()
            .filter(|call| call.listener.is_none())
            .filter_map(|call| self.environment.services.get(&call.service))
            .flat_map(|callee| self.functions(callee))
            .map(Ref::Literal)
            .collect();
        (!functions.is_empty()).then(|| {
            let invoke = Statement::allow(["lambda:InvokeFunction"]).on(functions);
            ("Invoke".to_owned(), invoke)
        })
    }

    /// The functions of all versions of a service: `<environment>-<service>-<version>`.
    fn functions(&self, service: &Service) -> Vec<String> {
        let name = |version| {
            self.naming
                .prefixed(&Naming::version(&service.name, version))
        };
        service
            .versions
            .iter()
            .map(|version| self.arn("lambda", &format!("function:{}", name(version))))
            .collect()
    }
}

/// The Lambda service attaches interfaces; the function's own code must not.
/// <https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html>
fn not_from_code() -> Statement {
    Statement::deny(LAMBDA_INTERFACE).on_any().when(
        "Null",
        "lambda:SourceFunctionArn",
        [Ref::literal("false")],
    )
}
