//! The escalation paths that were published: which actions together give rights that their holder
//! does not have. A table, reviewed by hand; it decides nothing.
//! <https://pathfinding.cloud/paths/>
//! <https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/>

/// A way to more rights.
pub(super) struct Path {
    /// The actions that it needs, all of them; the first is the one that it is named by.
    pub(super) actions: &'static [&'static str],
    /// What one does with them.
    pub(super) how: &'static str,
}

const PASS: &str = "iam:PassRole";

const fn path(actions: &'static [&'static str], how: &'static str) -> Path {
    Path { actions, how }
}

/// Every path.
pub(super) const PATHS: &[Path] = &[
    path(
        &["iam:CreatePolicyVersion"],
        "a new default version of a policy that one has",
    ),
    path(
        &["iam:SetDefaultPolicyVersion"],
        "an older, broader version of a policy",
    ),
    path(&["iam:CreateAccessKey"], "an access key of another user"),
    path(&["iam:CreateLoginProfile"], "a password for another user"),
    path(
        &["iam:UpdateLoginProfile"],
        "another password for another user",
    ),
    path(&["iam:AttachUserPolicy"], "any policy for oneself"),
    path(&["iam:AttachGroupPolicy"], "any policy for one's group"),
    path(
        &["iam:AttachRolePolicy"],
        "any policy for a role that one has",
    ),
    path(&["iam:PutUserPolicy"], "any rights for oneself"),
    path(&["iam:PutGroupPolicy"], "any rights for one's group"),
    path(&["iam:PutRolePolicy"], "any rights for a role that one has"),
    path(&["iam:AddUserToGroup"], "membership in another group"),
    path(
        &["iam:UpdateAssumeRolePolicy"],
        "a role that trusts oneself",
    ),
    path(
        &["iam:DeleteRolePermissionsBoundary"],
        "a role without its boundary",
    ),
    path(
        &["iam:DeleteUserPermissionsBoundary"],
        "a user without a boundary",
    ),
    path(
        &["iam:PutRolePermissionsBoundary"],
        "a role with a wider boundary",
    ),
    path(
        &["iam:PutUserPermissionsBoundary"],
        "a user with a wider boundary",
    ),
    path(
        &["iam:DeleteRolePolicy"],
        "a role without the policy that denies",
    ),
    path(
        &["iam:DetachRolePolicy"],
        "a role without the policy that denies",
    ),
    path(
        &["iam:DeleteUserPolicy"],
        "a user without the policy that denies",
    ),
    path(
        &["iam:DetachUserPolicy"],
        "a user without the policy that denies",
    ),
    path(
        &["iam:CreateServiceSpecificCredential"],
        "credentials of another user",
    ),
    path(
        &["iam:UpdateSAMLProvider"],
        "a provider that vouches for anybody",
    ),
    path(
        &["iam:CreateSAMLProvider", "iam:CreateRole"],
        "a provider and a role of one's own",
    ),
    path(
        &["iam:AddClientIDToOpenIDConnectProvider"],
        "a client that a role trusts",
    ),
    path(&["kms:PutKeyPolicy"], "a key that anybody may use"),
    path(
        &["sso:PutInlinePolicyToPermissionSet"],
        "any rights in a permission set",
    ),
    path(
        &["sso:AttachManagedPolicyToPermissionSet"],
        "any policy in a permission set",
    ),
    path(
        &["sso:CreateAccountAssignment"],
        "a permission set in any account",
    ),
    path(
        &["lambda:UpdateFunctionCode"],
        "code of one's own with a function's role",
    ),
    path(
        &["lambda:UpdateFunctionConfiguration"],
        "a layer of one's own with a function's role",
    ),
    path(
        &["glue:UpdateDevEndpoint"],
        "a shell with an endpoint's role",
    ),
    path(&["glue:UpdateJob"], "code of one's own with a job's role"),
    path(
        &["codebuild:UpdateProject", "codebuild:StartBuild"],
        "a build of one's own with a project's role",
    ),
    path(
        &["cloudformation:UpdateStack"],
        "a template of one's own with a stack's role",
    ),
    path(
        &[
            "cloudformation:CreateChangeSet",
            "cloudformation:ExecuteChangeSet",
        ],
        "a template of one's own with a stack's role",
    ),
    path(
        &["sagemaker:CreatePresignedNotebookInstanceUrl"],
        "a shell with a notebook's role",
    ),
    path(
        &[
            "sagemaker:CreateNotebookInstanceLifecycleConfig",
            "sagemaker:UpdateNotebookInstance",
        ],
        "code of one's own with a notebook's role",
    ),
    path(&["ssm:SendCommand"], "commands with an instance's role"),
    path(&["ssm:StartSession"], "a shell with an instance's role"),
    path(
        &["ec2-instance-connect:SendSSHPublicKey"],
        "a shell with an instance's role",
    ),
    path(
        &[
            "ec2:ModifyInstanceAttribute",
            "ec2:StopInstances",
            "ec2:StartInstances",
        ],
        "user data of one's own with an instance's role",
    ),
    path(&["ecs:ExecuteCommand"], "a shell with a task's role"),
    path(
        &["eks:CreateAccessEntry", "eks:AssociateAccessPolicy"],
        "administration of a cluster, and with it the roles of its pods",
    ),
    path(
        &["cognito-identity:SetIdentityPoolRoles"],
        "a role for whoever signs in",
    ),
    path(&["ec2:RunInstances", PASS], "an instance with another role"),
    path(
        &["ec2:RequestSpotInstances", PASS],
        "an instance with another role",
    ),
    path(
        &["ec2:AssociateIamInstanceProfile", PASS],
        "another role for an instance",
    ),
    path(
        &["ec2:ReplaceIamInstanceProfileAssociation", PASS],
        "another role for an instance",
    ),
    path(
        &[
            "autoscaling:CreateAutoScalingGroup",
            "ec2:CreateLaunchTemplate",
            PASS,
        ],
        "instances with another role",
    ),
    path(
        &[
            "autoscaling:CreateAutoScalingGroup",
            "autoscaling:CreateLaunchConfiguration",
            PASS,
        ],
        "instances with another role",
    ),
    path(
        &["lambda:CreateFunction", "lambda:InvokeFunction", PASS],
        "a function with another role",
    ),
    path(
        &[
            "lambda:CreateFunction",
            "lambda:CreateEventSourceMapping",
            PASS,
        ],
        "a function with another role",
    ),
    path(
        &["lambda:CreateFunction", "lambda:AddPermission", PASS],
        "a function with another role",
    ),
    path(
        &[
            "lambda:CreateFunction",
            "lambda:CreateFunctionUrlConfig",
            PASS,
        ],
        "a function with another role",
    ),
    path(
        &["glue:CreateDevEndpoint", PASS],
        "an endpoint with another role",
    ),
    path(
        &["glue:CreateJob", "glue:StartJobRun", PASS],
        "a job with another role",
    ),
    path(
        &["glue:CreateJob", "glue:CreateTrigger", PASS],
        "a job with another role",
    ),
    path(
        &["glue:CreateSession", "glue:RunStatement", PASS],
        "a session with another role",
    ),
    path(
        &["cloudformation:CreateStack", PASS],
        "a stack with another role",
    ),
    path(
        &[
            "cloudformation:CreateStackSet",
            "cloudformation:CreateStackInstances",
            PASS,
        ],
        "a stack set with another role",
    ),
    path(
        &["cloudformation:UpdateStackSet", PASS],
        "a stack set with another role",
    ),
    path(
        &[
            "datapipeline:CreatePipeline",
            "datapipeline:PutPipelineDefinition",
            "datapipeline:ActivatePipeline",
            PASS,
        ],
        "a pipeline with another role",
    ),
    path(
        &["ecs:RegisterTaskDefinition", "ecs:RunTask", PASS],
        "a task with another role",
    ),
    path(
        &["ecs:RegisterTaskDefinition", "ecs:StartTask", PASS],
        "a task with another role",
    ),
    path(
        &["ecs:RegisterTaskDefinition", "ecs:CreateService", PASS],
        "a task with another role",
    ),
    path(
        &["ecs:RegisterTaskDefinition", "ecs:UpdateService", PASS],
        "a task with another role",
    ),
    path(
        &["eks:CreatePodIdentityAssociation", PASS],
        "pods with another role",
    ),
    path(
        &["sagemaker:CreateNotebookInstance", PASS],
        "a notebook with another role",
    ),
    path(
        &["sagemaker:CreateTrainingJob", PASS],
        "a training job with another role",
    ),
    path(
        &["sagemaker:CreateProcessingJob", PASS],
        "a processing job with another role",
    ),
    path(
        &["codebuild:CreateProject", "codebuild:StartBuild", PASS],
        "a build with another role",
    ),
    path(
        &["codebuild:CreateProject", "codebuild:StartBuildBatch", PASS],
        "a build with another role",
    ),
    path(
        &["codepipeline:CreatePipeline", PASS],
        "a pipeline with another role",
    ),
    path(
        &["states:CreateStateMachine", "states:StartExecution", PASS],
        "a state machine with another role",
    ),
    path(
        &["states:UpdateStateMachine", "states:StartExecution", PASS],
        "a state machine with another role",
    ),
    path(
        &["scheduler:CreateSchedule", PASS],
        "a schedule with another role",
    ),
    path(
        &["events:PutRule", "events:PutTargets", PASS],
        "a rule's target with another role",
    ),
    path(&["pipes:CreatePipe", PASS], "a pipe with another role"),
    path(
        &["ssm:StartAutomationExecution", PASS],
        "an automation with another role",
    ),
    path(
        &["apprunner:CreateService", PASS],
        "a service with another role",
    ),
    path(
        &["apprunner:UpdateService", PASS],
        "a service with another role",
    ),
    path(
        &["batch:RegisterJobDefinition", "batch:SubmitJob", PASS],
        "a job with another role",
    ),
    path(
        &[
            "bedrock-agentcore:CreateCodeInterpreter",
            "bedrock-agentcore:InvokeCodeInterpreter",
            PASS,
        ],
        "an interpreter with another role",
    ),
    path(
        &[
            "emr-serverless:CreateApplication",
            "emr-serverless:StartJobRun",
            PASS,
        ],
        "a job with another role",
    ),
    path(
        &["elasticmapreduce:RunJobFlow", PASS],
        "a cluster with another role",
    ),
    path(&["amplify:CreateApp", PASS], "an app with another role"),
    path(&["braket:CreateJob", PASS], "a job with another role"),
    path(
        &["imagebuilder:CreateInfrastructureConfiguration", PASS],
        "a build instance with another role",
    ),
    path(
        &["transfer:CreateUser", PASS],
        "a file server's user with another role",
    ),
    path(&["iot:CreateRoleAlias", PASS], "a device with another role"),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::iam::catalogue::Catalogue;

    #[test]
    fn every_action_of_a_path_exists() {
        let catalogue = Catalogue::vendored().unwrap();
        for path in PATHS {
            for action in path.actions {
                let found = catalogue.action(action);
                assert_eq!(found.unwrap().to_string(), *action);
            }
        }
    }
}
