//! The published ways in which a role raises its rights, as the actions that each needs.
//! <https://pathfinding.cloud> and
//! <https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/>

use super::PASS;

/// One action that a path needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::isolation) struct Need {
    /// The action.
    pub action: &'static str,
    /// The service that a role is passed to.
    pub receiver: Option<&'static str>,
}

/// Actions that together raise rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    pub needs: Vec<Need>,
}

impl Path {
    /// As `iam:PassRole to lambda.amazonaws.com + lambda:CreateFunction`.
    pub fn title(&self) -> String {
        let needs = self.needs.iter().map(|need| match need.receiver {
            Some(receiver) => format!("{} to {receiver}", need.action),
            None => need.action.to_owned(),
        });
        needs.collect::<Vec<_>>().join(" + ")
    }
}

/// What makes something that acts with a role handed to a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::isolation) struct Creation {
    /// The service that takes the role.
    pub receiver: &'static str,
    /// Each of these makes something that has it.
    pub actions: &'static [&'static str],
}

/// Every path.
pub(super) fn all() -> impl Iterator<Item = Path> {
    let alone = ALONE.iter().map(|action| Path {
        needs: vec![need(action)],
    });
    let together = TOGETHER.iter().map(|actions| Path {
        needs: actions.iter().map(|action| need(action)).collect(),
    });
    let passed = CREATIONS.iter().flat_map(|creation| {
        creation.actions.iter().map(|action| Path {
            needs: vec![
                Need {
                    action: PASS,
                    receiver: Some(creation.receiver),
                },
                need(action),
            ],
        })
    });
    alone.chain(together).chain(passed)
}

fn need(action: &'static str) -> Need {
    Need {
        action,
        receiver: None,
    }
}

/// What raises rights by itself.
pub(super) const ALONE: &[&str] = &[
    // Policies of identities.
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:AttachGroupPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:PutGroupPolicy",
    "iam:AddUserToGroup",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:DeleteUserPolicy",
    "iam:DetachUserPolicy",
    // Boundaries.
    "iam:DeleteRolePermissionsBoundary",
    "iam:PutRolePermissionsBoundary",
    "iam:DeleteUserPermissionsBoundary",
    "iam:PutUserPermissionsBoundary",
    // Trust and credentials.
    "iam:UpdateAssumeRolePolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile",
    "iam:CreateServiceSpecificCredential",
    "iam:ResetServiceSpecificCredential",
    "iam:UploadSigningCertificate",
    "iam:UploadSSHPublicKey",
    "iam:UpdateSAMLProvider",
    "iam:UpdateOpenIDConnectProviderThumbprint",
    "iam:AddClientIDToOpenIDConnectProvider",
    "rolesanywhere:CreateTrustAnchor",
    "rolesanywhere:UpdateTrustAnchor",
    "sso:PutInlinePolicyToPermissionSet",
    "sso:AttachManagedPolicyToPermissionSet",
    "sso:CreateAccountAssignment",
    // What runs already, with a role of its own.
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "ssm:SendCommand",
    "ssm:StartSession",
    "ssm:ResumeSession",
    "ssm:StartAutomationExecution",
    "ec2:ModifyInstanceAttribute",
    "ec2-instance-connect:SendSSHPublicKey",
    "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
    "ecs:ExecuteCommand",
    "glue:UpdateDevEndpoint",
    "glue:UpdateJob",
    "glue:RunStatement",
    "codebuild:StartBuild",
    "codebuild:StartBuildBatch",
    "codebuild:UpdateProject",
    "cloudformation:UpdateStack",
    "cloudformation:UpdateStackSet",
    "sagemaker:CreatePresignedNotebookInstanceUrl",
    "sagemaker:CreatePresignedDomainUrl",
    "sagemaker:UpdateNotebookInstanceLifecycleConfig",
    "datapipeline:PutPipelineDefinition",
    "states:UpdateStateMachine",
    "apprunner:UpdateService",
    "eks:AssociateAccessPolicy",
    "eks:CreateAccessEntry",
    "eks:UpdateAccessEntry",
    "eks:UpdatePodIdentityAssociation",
    "elasticmapreduce:AddJobFlowSteps",
    "bedrock-agentcore:InvokeCodeInterpreter",
];

/// What raises rights together.
const TOGETHER: &[&[&str]] = &[
    &[
        "cloudformation:CreateChangeSet",
        "cloudformation:ExecuteChangeSet",
    ],
    &["iam:CreateRole", "iam:PutRolePolicy"],
    &["iam:CreateUser", "iam:AddUserToGroup"],
    &[
        "iam:CreateOpenIDConnectProvider",
        "iam:UpdateAssumeRolePolicy",
    ],
    &["lambda:AddPermission", "lambda:UpdateFunctionCode"],
    &[
        "autoscaling:CreateLaunchConfiguration",
        "autoscaling:CreateAutoScalingGroup",
    ],
    &[
        "ec2:CreateLaunchTemplateVersion",
        "ec2:ModifyLaunchTemplate",
    ],
];

/// What makes something that acts with a role which is handed over, by who takes the role.
pub(in crate::isolation) const CREATIONS: &[Creation] = &[
    Creation {
        receiver: "ec2.amazonaws.com",
        actions: &[
            "ec2:RunInstances",
            "ec2:AssociateIamInstanceProfile",
            "ec2:ReplaceIamInstanceProfileAssociation",
            "ec2:RequestSpotInstances",
            "ec2:RequestSpotFleet",
            "ec2:CreateFleet",
            "iam:AddRoleToInstanceProfile",
            "autoscaling:CreateAutoScalingGroup",
        ],
    },
    Creation {
        receiver: "lambda.amazonaws.com",
        actions: &[
            "lambda:CreateFunction",
            "lambda:UpdateFunctionConfiguration",
        ],
    },
    Creation {
        receiver: "ecs-tasks.amazonaws.com",
        actions: &[
            "ecs:RegisterTaskDefinition",
            "ecs:RunTask",
            "ecs:StartTask",
            "ecs:CreateService",
            "ecs:UpdateService",
            "batch:RegisterJobDefinition",
        ],
    },
    Creation {
        receiver: "pods.eks.amazonaws.com",
        actions: &["eks:CreatePodIdentityAssociation"],
    },
    Creation {
        receiver: "glue.amazonaws.com",
        actions: &[
            "glue:CreateDevEndpoint",
            "glue:CreateJob",
            "glue:UpdateJob",
            "glue:CreateSession",
        ],
    },
    Creation {
        receiver: "cloudformation.amazonaws.com",
        actions: &[
            "cloudformation:CreateStack",
            "cloudformation:UpdateStack",
            "cloudformation:CreateChangeSet",
            "cloudformation:CreateStackSet",
        ],
    },
    Creation {
        receiver: "codebuild.amazonaws.com",
        actions: &["codebuild:CreateProject", "codebuild:UpdateProject"],
    },
    Creation {
        receiver: "codepipeline.amazonaws.com",
        actions: &["codepipeline:CreatePipeline", "codepipeline:UpdatePipeline"],
    },
    Creation {
        receiver: "sagemaker.amazonaws.com",
        actions: &[
            "sagemaker:CreateNotebookInstance",
            "sagemaker:CreateTrainingJob",
            "sagemaker:CreateProcessingJob",
            "sagemaker:CreateModel",
            "sagemaker:CreateDomain",
        ],
    },
    Creation {
        receiver: "datapipeline.amazonaws.com",
        actions: &["datapipeline:CreatePipeline"],
    },
    Creation {
        receiver: "states.amazonaws.com",
        actions: &["states:CreateStateMachine", "states:UpdateStateMachine"],
    },
    Creation {
        receiver: "tasks.apprunner.amazonaws.com",
        actions: &["apprunner:CreateService", "apprunner:UpdateService"],
    },
    Creation {
        receiver: "ssm.amazonaws.com",
        actions: &["ssm:CreateActivation", "ssm:StartAutomationExecution"],
    },
    Creation {
        receiver: "elasticmapreduce.amazonaws.com",
        actions: &["elasticmapreduce:RunJobFlow"],
    },
    Creation {
        receiver: "scheduler.amazonaws.com",
        actions: &["scheduler:CreateSchedule", "scheduler:UpdateSchedule"],
    },
    Creation {
        receiver: "events.amazonaws.com",
        actions: &["events:PutTargets"],
    },
    Creation {
        receiver: "pipes.amazonaws.com",
        actions: &["pipes:CreatePipe", "pipes:UpdatePipe"],
    },
    Creation {
        receiver: "bedrock-agentcore.amazonaws.com",
        actions: &[
            "bedrock-agentcore:CreateCodeInterpreter",
            "bedrock-agentcore:CreateAgentRuntime",
        ],
    },
    Creation {
        receiver: "cognito-identity.amazonaws.com",
        actions: &["cognito-identity:SetIdentityPoolRoles"],
    },
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use super::*;
    use crate::iam::catalogue::Catalogue;

    #[test]
    fn every_path_is_made_of_actions_that_exist_and_is_named_once() {
        let catalogue = Catalogue::vendored().unwrap();
        let mut titles = BTreeSet::new();
        for path in all() {
            assert!(titles.insert(path.title()), "{} twice", path.title());
            for need in path.needs {
                let known = catalogue.action(need.action).unwrap();
                assert_eq!(known.to_string(), need.action);
            }
        }
        assert!(titles.len() > 100);
    }
}
