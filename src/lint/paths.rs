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

/// Declares the paths: actions, and what they lead to.
macro_rules! paths {
    ($($($action:literal)&+ => $how:literal;)+) => {
        /// Every path.
        pub(super) const PATHS: &[Path] = &[
            $(Path { actions: &[$($action),+], how: $how },)+
        ];
    };
}

paths! {
    "iam:CreatePolicyVersion" => "a new default version of a policy that one has";
    "iam:SetDefaultPolicyVersion" => "an older, broader version of a policy";
    "iam:CreateAccessKey" => "an access key of another user";
    "iam:CreateLoginProfile" => "a password for another user";
    "iam:UpdateLoginProfile" => "another password for another user";
    "iam:AttachUserPolicy" => "any policy for oneself";
    "iam:AttachGroupPolicy" => "any policy for one's group";
    "iam:AttachRolePolicy" => "any policy for a role that one has";
    "iam:PutUserPolicy" => "any rights for oneself";
    "iam:PutGroupPolicy" => "any rights for one's group";
    "iam:PutRolePolicy" => "any rights for a role that one has";
    "iam:AddUserToGroup" => "membership in another group";
    "iam:UpdateAssumeRolePolicy" => "a role that trusts oneself";
    "iam:DeleteRolePermissionsBoundary" => "a role without its boundary";
    "iam:DeleteUserPermissionsBoundary" => "a user without a boundary";
    "iam:PutRolePermissionsBoundary" => "a role with a wider boundary";
    "iam:PutUserPermissionsBoundary" => "a user with a wider boundary";
    "iam:DeleteRolePolicy" => "a role without the policy that denies";
    "iam:DetachRolePolicy" => "a role without the policy that denies";
    "iam:DeleteUserPolicy" => "a user without the policy that denies";
    "iam:DetachUserPolicy" => "a user without the policy that denies";
    "iam:CreateServiceSpecificCredential" => "credentials of another user";
    "iam:UpdateSAMLProvider" => "a provider that vouches for anybody";
    "iam:CreateSAMLProvider" & "iam:CreateRole" => "a provider and a role of one's own";
    "iam:AddClientIDToOpenIDConnectProvider" => "a client that a role trusts";
    "kms:PutKeyPolicy" => "a key that anybody may use";
    "sso:PutInlinePolicyToPermissionSet" => "any rights in a permission set";
    "sso:AttachManagedPolicyToPermissionSet" => "any policy in a permission set";
    "sso:CreateAccountAssignment" => "a permission set in any account";
    "lambda:UpdateFunctionCode" => "code of one's own with a function's role";
    "lambda:UpdateFunctionConfiguration" => "a layer of one's own with a function's role";
    "glue:UpdateDevEndpoint" => "a shell with an endpoint's role";
    "glue:UpdateJob" => "code of one's own with a job's role";
    "codebuild:UpdateProject" & "codebuild:StartBuild" => "a build of one's own with a project's role";
    "cloudformation:UpdateStack" => "a template of one's own with a stack's role";
    "cloudformation:CreateChangeSet" & "cloudformation:ExecuteChangeSet" => "a template of one's own with a stack's role";
    "sagemaker:CreatePresignedNotebookInstanceUrl" => "a shell with a notebook's role";
    "sagemaker:CreateNotebookInstanceLifecycleConfig" & "sagemaker:UpdateNotebookInstance" => "code of one's own with a notebook's role";
    "ssm:SendCommand" => "commands with an instance's role";
    "ssm:StartSession" => "a shell with an instance's role";
    "ec2-instance-connect:SendSSHPublicKey" => "a shell with an instance's role";
    "ec2:ModifyInstanceAttribute" & "ec2:StopInstances" & "ec2:StartInstances" => "user data of one's own with an instance's role";
    "ecs:ExecuteCommand" => "a shell with a task's role";
    "eks:CreateAccessEntry" & "eks:AssociateAccessPolicy" => "administration of a cluster, and with it the roles of its pods";
    "cognito-identity:SetIdentityPoolRoles" => "a role for whoever signs in";
    "ec2:RunInstances" & "iam:PassRole" => "an instance with another role";
    "ec2:RequestSpotInstances" & "iam:PassRole" => "an instance with another role";
    "ec2:AssociateIamInstanceProfile" & "iam:PassRole" => "another role for an instance";
    "ec2:ReplaceIamInstanceProfileAssociation" & "iam:PassRole" => "another role for an instance";
    "autoscaling:CreateAutoScalingGroup" & "ec2:CreateLaunchTemplate" & "iam:PassRole" => "instances with another role";
    "autoscaling:CreateAutoScalingGroup" & "autoscaling:CreateLaunchConfiguration" & "iam:PassRole" => "instances with another role";
    "lambda:CreateFunction" & "lambda:InvokeFunction" & "iam:PassRole" => "a function with another role";
    "lambda:CreateFunction" & "lambda:CreateEventSourceMapping" & "iam:PassRole" => "a function with another role";
    "lambda:CreateFunction" & "lambda:AddPermission" & "iam:PassRole" => "a function with another role";
    "lambda:CreateFunction" & "lambda:CreateFunctionUrlConfig" & "iam:PassRole" => "a function with another role";
    "glue:CreateDevEndpoint" & "iam:PassRole" => "an endpoint with another role";
    "glue:CreateJob" & "glue:StartJobRun" & "iam:PassRole" => "a job with another role";
    "glue:CreateJob" & "glue:CreateTrigger" & "iam:PassRole" => "a job with another role";
    "glue:CreateSession" & "glue:RunStatement" & "iam:PassRole" => "a session with another role";
    "cloudformation:CreateStack" & "iam:PassRole" => "a stack with another role";
    "cloudformation:CreateStackSet" & "cloudformation:CreateStackInstances" & "iam:PassRole" => "a stack set with another role";
    "cloudformation:UpdateStackSet" & "iam:PassRole" => "a stack set with another role";
    "datapipeline:CreatePipeline" & "datapipeline:PutPipelineDefinition" & "datapipeline:ActivatePipeline" & "iam:PassRole" => "a pipeline with another role";
    "ecs:RegisterTaskDefinition" & "ecs:RunTask" & "iam:PassRole" => "a task with another role";
    "ecs:RegisterTaskDefinition" & "ecs:StartTask" & "iam:PassRole" => "a task with another role";
    "ecs:RegisterTaskDefinition" & "ecs:CreateService" & "iam:PassRole" => "a task with another role";
    "ecs:RegisterTaskDefinition" & "ecs:UpdateService" & "iam:PassRole" => "a task with another role";
    "eks:CreatePodIdentityAssociation" & "iam:PassRole" => "pods with another role";
    "sagemaker:CreateNotebookInstance" & "iam:PassRole" => "a notebook with another role";
    "sagemaker:CreateTrainingJob" & "iam:PassRole" => "a training job with another role";
    "sagemaker:CreateProcessingJob" & "iam:PassRole" => "a processing job with another role";
    "codebuild:CreateProject" & "codebuild:StartBuild" & "iam:PassRole" => "a build with another role";
    "codebuild:CreateProject" & "codebuild:StartBuildBatch" & "iam:PassRole" => "a build with another role";
    "codepipeline:CreatePipeline" & "iam:PassRole" => "a pipeline with another role";
    "states:CreateStateMachine" & "states:StartExecution" & "iam:PassRole" => "a state machine with another role";
    "states:UpdateStateMachine" & "states:StartExecution" & "iam:PassRole" => "a state machine with another role";
    "scheduler:CreateSchedule" & "iam:PassRole" => "a schedule with another role";
    "events:PutRule" & "events:PutTargets" & "iam:PassRole" => "a rule's target with another role";
    "pipes:CreatePipe" & "iam:PassRole" => "a pipe with another role";
    "ssm:StartAutomationExecution" & "iam:PassRole" => "an automation with another role";
    "apprunner:CreateService" & "iam:PassRole" => "a service with another role";
    "apprunner:UpdateService" & "iam:PassRole" => "a service with another role";
    "batch:RegisterJobDefinition" & "batch:SubmitJob" & "iam:PassRole" => "a job with another role";
    "bedrock-agentcore:CreateCodeInterpreter" & "bedrock-agentcore:InvokeCodeInterpreter" & "iam:PassRole" => "an interpreter with another role";
    "emr-serverless:CreateApplication" & "emr-serverless:StartJobRun" & "iam:PassRole" => "a job with another role";
    "elasticmapreduce:RunJobFlow" & "iam:PassRole" => "a cluster with another role";
    "amplify:CreateApp" & "iam:PassRole" => "an app with another role";
    "braket:CreateJob" & "iam:PassRole" => "a job with another role";
    "imagebuilder:CreateInfrastructureConfiguration" & "iam:PassRole" => "a build instance with another role";
    "transfer:CreateUser" & "iam:PassRole" => "a file server's user with another role";
    "iot:CreateRoleAlias" & "iam:PassRole" => "a device with another role";
}

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
