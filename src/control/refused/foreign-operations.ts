/** What the platform's API has for other kinds of function, each with the sentence that a caller gets for it. */
import type { ErrorCode } from '../../contract/errors.ts';
import type { Method, RefusedOperation } from '../operation.ts';

type Row = readonly [id: string, method: Method, path: string, summary: string];

const FGS = '/v2/{project_id}/fgs';
const FUNCTION = `${FGS}/functions/{function_urn}`;
const WORKFLOW = `${FGS}/workflows/{workflow_id}`;

export const FOREIGN_OPERATIONS: readonly RefusedOperation[] = [
	...refused(
		'ERR_ASYNC_UNSUPPORTED',
		'HTTP functions are called synchronously only: there are no asynchronous invocations, nor settings or records of them. Call the function, or its trigger, and wait for the answer',
		[
			['asyncInvokeFunction', 'POST', `${FUNCTION}/invocations-async`, 'Call a function without waiting.'],
			['cancelAsyncInvocation', 'POST', `${FUNCTION}/cancel`, 'Stop an asynchronous invocation.'],
			['listActiveAsyncInvocations', 'GET', `${FUNCTION}/active-async-invocations`, 'List those under way.'],
			['listAsyncInvocations', 'GET', `${FUNCTION}/async-invocations`, 'List asynchronous invocations.'],
			['listFunctionAsyncInvokeConfig', 'GET', `${FUNCTION}/async-invoke-configs`, 'List their settings.'],
			['showFunctionAsyncInvokeConfig', 'GET', `${FUNCTION}/async-invoke-config`, 'Show their settings.'],
			['updateFunctionAsyncInvokeConfig', 'PUT', `${FUNCTION}/async-invoke-config`, 'Set their settings.'],
			[
				'deleteFunctionAsyncInvokeConfig',
				'DELETE',
				`${FUNCTION}/async-invoke-config`,
				'Delete their settings.',
			],
			['enableAsyncStatusLog', 'POST', `${FGS}/functions/enable-async-status-logs`, 'Keep records of them.'],
			[
				'showProjectAsyncStatusLogInfo',
				'GET',
				`${FGS}/functions/async-status-log-detail`,
				'Tell where they are.',
			],
		],
	),
	...refused(
		'ERR_UNSUPPORTED_OPERATION',
		'Favourites are marks of the platform’s console, which httpfn does not have',
		[
			[
				'updateFunctionCollectState',
				'PUT',
				`${FGS}/functions/{func_urn}/collect/{state}`,
				'Mark a favourite.',
			],
		],
	),
	...refused(
		'ERR_UNSUPPORTED_OPERATION',
		'HTTP functions have no workflows, which are made of event functions. Let one function call the trigger of another',
		[
			['listWorkflow', 'GET', `${FGS}/workflows`, 'List workflows.'],
			['createWorkflow', 'POST', `${FGS}/workflows`, 'Create a workflow.'],
			['batchDeleteWorkflows', 'DELETE', `${FGS}/workflows`, 'Delete workflows.'],
			['showWorkFlow', 'GET', WORKFLOW, 'Show a workflow.'],
			['updateWorkFlow', 'PUT', WORKFLOW, 'Change a workflow.'],
			['createCallbackWorkflow', 'POST', `${WORKFLOW}/callback`, 'Call a workflow back.'],
			['listWorkflowExecutions', 'GET', `${WORKFLOW}/executions`, 'List executions of a workflow.'],
			['startWorkflowExecution', 'POST', `${WORKFLOW}/executions`, 'Start a workflow.'],
			['showWorkflowExecutionForPage', 'GET', `${WORKFLOW}/executions-history`, 'Page through executions.'],
			['showWorkflowExecution', 'GET', `${WORKFLOW}/executions/{execution_id}`, 'Show an execution.'],
			['retryWorkFlow', 'POST', `${WORKFLOW}/executions/{execution_id}/retry`, 'Retry an execution.'],
			['stopWorkFlow', 'POST', `${WORKFLOW}/executions/{execution_id}/terminate`, 'Stop an execution.'],
			['startSyncWorkflowExecution', 'POST', `${WORKFLOW}/sync-executions`, 'Run a workflow and wait.'],
			['showTenantMetric', 'GET', `${FGS}/workflow-statistic`, 'Count executions of all workflows.'],
			['showWorkFlowMetric', 'GET', `${FGS}/workflow-statistic/{workflow_urn}`, 'Count executions of one.'],
		],
	),
	...refused(
		'ERR_UNSUPPORTED_OPERATION',
		'HTTP functions have no dependencies to attach, since no runtime loads them. Put all that the function needs into its package',
		[
			['listDependencies', 'GET', `${FGS}/dependencies`, 'List dependencies.'],
			['createDependencyVersion', 'POST', `${FGS}/dependencies/version`, 'Create a dependency.'],
			['listDependencyVersion', 'GET', `${FGS}/dependencies/{depend_id}/version`, 'List its versions.'],
			[
				'showDependencyVersion',
				'GET',
				`${FGS}/dependencies/{depend_id}/version/{version}`,
				'Show a version.',
			],
			[
				'deleteDependencyVersion',
				'DELETE',
				`${FGS}/dependencies/{depend_id}/version/{version}`,
				'Delete it.',
			],
		],
	),
	...refused(
		'ERR_UNSUPPORTED_OPERATION',
		'There is no catalog of ready-made applications and templates here. Create the function from a package of your own; the examples of httpfn are a start',
		[
			['listAppTemplates', 'GET', `${FGS}/application/templates`, 'List templates of applications.'],
			['showAppTemplate', 'GET', `${FGS}/application/templates/{id}`, 'Show a template.'],
			['listFunctionApplications', 'GET', `${FGS}/applications`, 'List applications.'],
			['createFunctionApp', 'POST', `${FGS}/applications`, 'Create an application.'],
			['showFunctionApp', 'GET', `${FGS}/applications/{id}`, 'Show an application.'],
			['deleteFunctionApp', 'DELETE', `${FGS}/applications/{id}`, 'Delete an application.'],
			['listFunctionTemplate', 'GET', `${FGS}/templates`, 'List templates of functions.'],
			['showFunctionTemplate', 'GET', `${FGS}/templates/{template_id}`, 'Show a template.'],
		],
	),
	...refused(
		'ERR_UNSUPPORTED_OPERATION',
		'HTTP functions have no service bridges. Let the function open its connections itself',
		[
			['listBridgeFunctions', 'GET', `${FUNCTION}/servicebridge/relation`, 'List functions of a bridge.'],
			['listBridgeVersions', 'GET', `${FGS}/servicebridge/version`, 'List versions of bridges.'],
		],
	),
	...refused(
		'ERR_UNSUPPORTED_OPERATION',
		'HTTP functions have no snapshots of a started runtime. Use reserved instances to have one ready',
		[
			['showFuncSnapshotState', 'GET', `${FUNCTION}/snapshots/{action}`, 'Show the state of a snapshot.'],
			['updateFuncSnapshot', 'POST', `${FUNCTION}/snapshots/{action}`, 'Make or drop a snapshot.'],
		],
	),
	...refused(
		'ERR_UNSUPPORTED_OPERATION',
		'HTTP functions have no tracing agent put into them. Let the function trace itself: the request id comes as X-CFF-Request-Id',
		[
			['showTracing', 'GET', `${FUNCTION}/tracing`, 'Show the tracing of a function.'],
			['updateTracing', 'PUT', `${FUNCTION}/tracing`, 'Set the tracing of a function.'],
		],
	),
	...refused(
		'ERR_UNSUPPORTED_OPERATION',
		'There are no virtual private clouds here: a function reaches the networks of its machine, as its egress rules allow',
		[
			['createVpcEndpoint', 'POST', `${FGS}/vpc-endpoint`, 'Create an endpoint in a VPC.'],
			['deleteVpcEndpoint', 'DELETE', `${FGS}/vpc-endpoint/{vpc_id}/{subnet_id}`, 'Delete an endpoint.'],
		],
	),
	...refused(
		'ERR_UNSUPPORTED_OPERATION',
		'There are no agencies here that other services trust: a function gets the credentials that its server was given',
		[
			[
				'listServiceTrustedAgencies',
				'GET',
				`${FGS}/service-trusted-agencies`,
				'List agencies that FunctionGraph may use.',
			],
		],
	),
];

function refused(code: ErrorCode, why: string, rows: readonly Row[]): readonly RefusedOperation[] {
	return rows.map(([id, method, path, summary]) => ({ id, method, path, summary, code, why }));
}
