/**
 * Every failure that httpfn reports, by a permanent code. Messages may change, codes may not.
 *
 * - `status` is what an HTTP client gets, `wire` the platform's error code in the answer's body.
 * - `fault` says who has to act: the caller, the function's author, or whoever runs httpfn.
 * - `engine` is the number the platform's engine uses for a function's own failure; it travels as X-Func-Err-Code.
 *
 * Where the platform's documents leave the pairing open, it is ours and SPECIFICATION.md says so.
 */
export type Fault = 'caller' | 'function' | 'platform';

export interface ErrorRow {
	readonly status: number;
	readonly wire: string;
	readonly fault: Fault;
	readonly engine?: number;
	readonly help: string;
}

export const ERRORS = {
	ERR_USAGE: row(400, 'FSS.0400', 'caller', 'See httpfn help.'),
	ERR_CONFIG_INVALID: row(400, 'FSS.0400', 'caller', 'Correct the value named in the message.'),
	ERR_ASYNC_UNSUPPORTED: row(400, 'FSS.0400', 'caller', 'HTTP functions are called synchronously only.'),
	ERR_RETRY_UNSUPPORTED: row(
		400,
		'FSS.0400',
		'caller',
		'HTTP functions are never retried; retry in the caller.',
	),
	ERR_EVENT_INVALID: row(
		400,
		'FSS.1074',
		'caller',
		'Send an APIG event: httpfn help invoke shows how one is made.',
	),
	ERR_REQUEST_MALFORMED: row(400, 'APIG.0201', 'caller', 'Send HTTP/1.1 as RFC 9112 has it.'),
	ERR_REQUEST_TIMEOUT: row(408, 'APIG.0201', 'caller', 'Send the whole request without long pauses.'),
	ERR_REQUEST_BODY_TOO_LARGE: row(413, 'APIG.0201', 'caller', 'Send at most 6 MiB, or hand over a link.'),
	ERR_GATEWAY_BODY_TOO_LARGE: row(413, 'APIG.0201', 'caller', 'Send at most 6 MiB, or hand over a link.'),
	ERR_URI_TOO_LARGE: row(414, 'APIG.0201', 'caller', 'Shorten the path and query.'),
	ERR_ROUTE_NOT_FOUND: row(404, 'APIG.0101', 'caller', 'Ask for a host, path and method that a route names.'),
	ERR_EXPECTATION_UNSUPPORTED: row(417, 'APIG.0201', 'caller', 'Only Expect: 100-continue is known.'),
	ERR_HEADERS_TOO_LARGE: row(494, 'APIG.0201', 'caller', 'Send fewer or shorter headers.'),
	ERR_TRANSFER_CODING_UNKNOWN: row(501, 'APIG.0201', 'caller', 'Use chunked, or Content-Length.'),
	ERR_HTTP_VERSION_UNSUPPORTED: row(505, 'APIG.0201', 'caller', 'Speak HTTP/1.1 or HTTP/1.0.'),

	ERR_CODE_FOLDER_MISSING: row(500, 'FSS.1011', 'function', 'Name the folder that holds bootstrap.', 4201),
	ERR_BOOTSTRAP_MISSING: row(
		500,
		'FSS.1011',
		'function',
		'Put a file named bootstrap at the root of the folder; httpfn init makes one.',
		4201,
	),
	ERR_BOOTSTRAP_NAME: row(500, 'FSS.1011', 'function', 'Rename the start file to bootstrap.', 4201),
	ERR_BOOTSTRAP_NESTED: row(
		500,
		'FSS.1011',
		'function',
		'Move the contents of that folder one level up.',
		4201,
	),
	ERR_BOOTSTRAP_NOT_FILE: row(500, 'FSS.1011', 'function', 'Make bootstrap a regular file.', 4201),
	ERR_BOOTSTRAP_EMPTY: row(500, 'FSS.1011', 'function', 'Write the start command into bootstrap.', 4201),
	ERR_BOOTSTRAP_BINARY: row(500, 'FSS.1011', 'function', 'Write a script that starts the program.', 4201),
	ERR_BOOTSTRAP_CRLF: row(500, 'FSS.1011', 'function', 'Save bootstrap with LF line ends.', 4201),
	ERR_BOOTSTRAP_UNREADABLE: row(
		500,
		'FSS.1011',
		'function',
		'Let the user that runs httpfn read bootstrap.',
		4201,
	),

	ERR_EDGE_ENTRY: row(500, 'FSS.1011', 'function', 'Name the entry in package.json: httpfn.entry.', 4201),
	ERR_EDGE_BUILD: row(500, 'FSS.1011', 'function', 'Mend what the message names, by file and line.', 4201),
	ERR_EDGE_LOAD: row(500, 'FSS.0500', 'function', 'See the stack trace in the log.', 4201),
	ERR_EDGE_HANDLER: row(500, 'FSS.1011', 'function', 'Export { fetch } as default: see docs/edge.md.', 4201),
	ERR_EDGE_API_MISSING: row(500, 'FSS.0500', 'function', 'See docs/edge.md for what there is.', 4201),

	ERR_FUNCTION_INIT_TIMEOUT: row(500, 'FSS.0500', 'function', 'Listen on 127.0.0.1:8000 sooner.', 4211),
	ERR_FUNCTION_INIT_EXITED: row(500, 'FSS.0500', 'function', 'See the end of stderr in the log.', 4201),
	ERR_FUNCTION_EXITED: row(500, 'FSS.0500', 'function', 'See the last lines of stderr in the log.', 4002),
	ERR_FUNCTION_MEMORY: row(500, 'FSS.0500', 'function', 'Use less memory, or raise --memory.', 4205),
	ERR_FUNCTION_DISABLED: row(403, 'FSS.0403', 'platform', 'Set concurrency to something else than 0.'),
	ERR_INTERPRETER_MISSING: row(
		500,
		'FSS.1011',
		'function',
		'Install the interpreter, or name another.',
		4201,
	),
	ERR_FUNCTION_CRASH_LOOP: row(503, 'FSS.0503', 'function', 'Mend the crash named in the log.', 4011),
	ERR_BACKEND_TIMEOUT: row(
		504,
		'APIG.0203',
		'function',
		'Answer sooner, or raise func_info.timeout of the trigger.',
		4010,
	),
	ERR_FUNCTION_TIMEOUT: row(504, 'APIG.0203', 'function', 'Answer sooner, or raise --timeout.', 4010),
	ERR_RESPONSE_BODY_TOO_LARGE: row(500, 'FSS.0500', 'function', 'Return less, or use --stream.', 4004),
	ERR_RESPONSE_ENVELOPE_TOO_LARGE: row(500, 'FSS.0500', 'function', 'Return at most about 4.5 MiB.', 4004),
	ERR_RESPONSE_MALFORMED: row(502, 'APIG.0202', 'function', 'Answer with HTTP/1.1 as RFC 9112 has it.', 4002),
	ERR_RESPONSE_INCOMPLETE: row(502, 'APIG.0202', 'function', 'Send the whole response before closing.', 4002),
	ERR_ENVELOPE_INVALID: row(
		500,
		'FSS.1206',
		'function',
		'Return statusCode, headers, isBase64Encoded and body.',
		4002,
	),

	ERR_APP_NOT_FOUND: row(404, 'APIG.3004', 'caller', 'See httpfn app list.'),
	ERR_APP_EXISTS: row(400, 'APIG.3303', 'caller', 'Choose another name.'),
	ERR_APP_CODE_NOT_FOUND: row(404, 'APIG.3092', 'caller', 'See httpfn app show NAME.'),
	ERR_APP_CODE_EXISTS: row(400, 'APIG.3395', 'caller', 'Choose another code.'),
	ERR_APP_CODE_LIMIT: row(400, 'APIG.3422', 'caller', 'Remove a code that nobody uses any more.'),
	ERR_APP_GRANT_NOT_FOUND: row(404, 'APIG.3011', 'caller', 'See httpfn app show NAME.'),
	ERR_API_NOT_FOUND: row(404, 'APIG.3002', 'caller', 'See api_id of the triggers.'),
	ERR_AUTHORIZER_NOT_FOUND: row(404, 'APIG.3085', 'caller', 'See httpfn authorizer list.'),
	ERR_AUTHORIZER_EXISTS: row(400, 'APIG.3351', 'caller', 'Choose another name.'),
	ERR_AUTHORIZER_IN_USE: row(400, 'APIG.3416', 'caller', 'Change the trigger that the message names.'),
	ERR_THROTTLE_NOT_FOUND: row(404, 'APIG.3005', 'caller', 'List the throttling policies of the project.'),
	ERR_THROTTLE_EXISTS: row(400, 'APIG.3304', 'caller', 'Choose another name.'),
	ERR_THROTTLE_BINDING_NOT_FOUND: row(404, 'APIG.3012', 'caller', 'List the bindings of the API.'),
	ERR_THROTTLE_SPECIAL_NOT_FOUND: row(404, 'APIG.3010', 'caller', 'List the special limits of the policy.'),
	ERR_THROTTLE_SPECIAL_EXISTS: row(400, 'APIG.3310', 'caller', 'Change the limit that the app has.'),
	ERR_ACL_NOT_FOUND: row(404, 'APIG.3019', 'caller', 'See httpfn acl list.'),
	ERR_ACL_EXISTS: row(400, 'APIG.3316', 'caller', 'Choose another name.'),
	ERR_ACL_BINDING_NOT_FOUND: row(404, 'APIG.3020', 'caller', 'List the bindings of the API.'),
	ERR_PLUGIN_NOT_FOUND: row(404, 'APIG.3079', 'caller', 'See httpfn cors list.'),
	ERR_PLUGIN_EXISTS: row(400, 'APIG.3379', 'caller', 'Choose another name.'),
	ERR_GROUP_NOT_FOUND: row(404, 'APIG.3001', 'caller', 'See group_id of the triggers.'),
	ERR_DOMAIN_NOT_FOUND: row(404, 'APIG.3008', 'caller', 'See httpfn domain list.'),
	ERR_DOMAIN_EXISTS: row(400, 'APIG.3308', 'caller', 'Remove it from the group that the message names.'),

	ERR_UNAUTHORIZED: row(
		401,
		'FSS.0401',
		'caller',
		'Sign the request, or send X-Auth-Token: see httpfn help user.',
	),
	ERR_CREDENTIALS_MISSING: row(500, 'FSS.0500', 'platform', 'Make a user: httpfn user add NAME.'),
	ERR_FORBIDDEN: row(403, 'FSS.0403', 'caller', 'Ask for the right that the message names.'),
	ERR_BODY_INVALID: row(400, 'FSS.0400', 'caller', 'Correct the fields named in the message.'),
	ERR_OPERATION_NOT_FOUND: row(404, 'FSS.0404', 'caller', 'See docs/api-coverage.md for what there is.'),
	ERR_UNSUPPORTED_OPERATION: row(400, 'FSS.0400', 'caller', 'HTTP functions do not have this.'),
	ERR_CONTROL_BODY_TOO_LARGE: row(413, 'FSS.0413', 'caller', 'Send a smaller body.'),
	ERR_URN_INVALID: row(400, 'FSS.1309', 'caller', 'Write the URN, or its short form, as the platform does.'),
	ERR_FUNCTION_NAME_INVALID: row(400, 'FSS.1002', 'caller', 'Choose a name as the message says.'),
	ERR_HANDLER_INVALID: row(400, 'FSS.1003', 'caller', 'Send bootstrap, or nothing.'),
	ERR_PACKAGE_NAME_INVALID: row(400, 'FSS.1004', 'caller', 'Choose a name as the message says.'),
	ERR_RUNTIME_INVALID: row(400, 'FSS.1005', 'caller', 'Use the runtime http.'),
	ERR_CODE_TYPE_INVALID: row(400, 'FSS.1006', 'caller', 'Send the code as zip, jar or inline.'),
	ERR_MEMORY_SIZE_INVALID: row(400, 'FSS.1007', 'caller', 'Choose one of the sizes named.'),
	ERR_TIMEOUT_INVALID: row(400, 'FSS.1008', 'caller', 'Choose a value within the range named.'),
	ERR_USER_DATA_INVALID: row(400, 'FSS.1009', 'caller', 'Send a JSON object of strings, as text.'),
	ERR_USER_DATA_TOO_LARGE: row(400, 'FSS.1018', 'caller', 'Keep names and values within 4,096 characters.'),
	ERR_CODE_MISSING: row(400, 'FSS.1012', 'caller', 'Send func_code.file.'),
	ERR_ALIAS_INVALID: row(400, 'FSS.1014', 'caller', 'Correct what the message names.'),
	ERR_VERSION_INVALID: row(400, 'FSS.1015', 'caller', 'Choose a version as the message says.'),
	ERR_DESCRIPTION_INVALID: row(400, 'FSS.1019', 'caller', 'Shorten the description.'),
	ERR_CONCURRENCY_INVALID: row(400, 'FSS.1026', 'caller', 'Choose a value within the range named.'),
	ERR_FUNCTION_COUNT: row(403, 'FSS.1041', 'caller', 'Delete a function first, or use another project.'),
	ERR_CODE_TOTAL: row(403, 'FSS.1042', 'caller', 'Delete versions first, or use another project.'),
	ERR_ALIAS_COUNT: row(403, 'FSS.1043', 'caller', 'Delete an alias first.'),
	ERR_VERSION_COUNT: row(400, 'FSS.1313', 'caller', 'Delete a version first.'),
	ERR_ALIAS_WEIGHT_INVALID: row(400, 'FSS.1092', 'caller', 'Send a percentage from 0 to 100.'),
	ERR_ALIAS_VERSIONS_SAME: row(400, 'FSS.1093', 'caller', 'Name two different versions.'),
	ERR_INIT_TIMEOUT_INVALID: row(400, 'FSS.1405', 'caller', 'Choose a value within the range named.'),
	ERR_FUNCTION_EXISTS: row(409, 'FSS.1061', 'caller', 'Choose another name, or update the function.'),
	ERR_FUNCTION_NOT_FOUND: row(404, 'FSS.1051', 'caller', 'See httpfn list.'),
	ERR_VERSION_EXISTS: row(409, 'FSS.1062', 'caller', 'Choose another version.'),
	ERR_VERSION_NOT_FOUND: row(404, 'FSS.1052', 'caller', 'See httpfn versions.'),
	ERR_VERSION_UNCHANGED: row(400, 'FSS.1016', 'caller', 'Change code or configuration before publishing.'),
	ERR_VERSION_IN_USE: row(403, 'FSS.1094', 'caller', 'Take it out of the alias first.'),
	ERR_ALIAS_EXISTS: row(409, 'FSS.1063', 'caller', 'Choose another name, or update the alias.'),
	ERR_ALIAS_NOT_FOUND: row(404, 'FSS.1053', 'caller', 'See httpfn alias list.'),
	ERR_ALIAS_VERSION_TAKEN: row(409, 'FSS.1066', 'caller', 'A version has one alias: choose another version.'),
	ERR_ALIAS_IN_USE: row(403, 'FSS.1154', 'caller', 'Delete the triggers that lead to it first.'),
	ERR_TRIGGER_NOT_FOUND: row(404, 'FSS.1131', 'caller', 'See httpfn trigger list.'),
	ERR_TRIGGER_EXISTS: row(409, 'FSS.1146', 'caller', 'Choose another name.'),
	ERR_TRIGGER_PATH_TAKEN: row(409, 'FSS.1147', 'caller', 'Choose another path, method or group.'),
	ERR_APP_UNAUTHORIZED: row(
		401,
		'APIG.0303',
		'caller',
		'Send the credentials of an app: see httpfn help app.',
	),
	ERR_APP_FORBIDDEN: row(403, 'APIG.0304', 'caller', 'Have the app authorized for this API.'),
	ERR_APP_FROZEN: row(405, 'APIG.0502', 'caller', 'Have the app enabled again, or use another.'),
	ERR_ADDRESS_REFUSED: row(403, 'APIG.0402', 'caller', 'Have the address allowed, or call from another.'),
	ERR_PLAIN_REFUSED: row(400, 'APIG.0607', 'caller', 'Call by https.'),
	ERR_THROTTLED: row(429, 'APIG.0308', 'caller', 'Come again after Retry-After seconds.'),
	ERR_IAM_UNAUTHORIZED: row(
		401,
		'APIG.0301',
		'caller',
		'Sign the request, or send X-Auth-Token: see httpfn help user.',
	),
	ERR_IAM_FORBIDDEN: row(403, 'APIG.0302', 'caller', 'Use a user with the right invoke.'),
	ERR_AUTHORIZER_IDENTITY: row(401, 'APIG.0305', 'caller', 'Send what the message names, once.'),
	ERR_AUTHORIZER_DENIED: row(401, 'APIG.0305', 'caller', 'Send what the authorizer lets in.'),
	ERR_AUTHORIZER_FAILED: row(500, 'APIG.0616', 'platform', 'See the log of the authorizer’s function.'),
	ERR_AUTHORIZER_ANSWER: row(
		500,
		'APIG.0617',
		'platform',
		'Answer {"status":"allow"} or {"status":"deny"}, with a flat context.',
	),
	ERR_TRIGGER_TYPE: row(
		400,
		'FSS.1101',
		'caller',
		'HTTP functions have APIG, DEDICATEDGATEWAY and APIC triggers.',
	),
	ERR_TRIGGER_INVALID: row(400, 'FSS.1107', 'caller', 'Correct the fields of event_data that are named.'),
	ERR_TRIGGER_LIMIT: row(
		400,
		'FSS.1306',
		'caller',
		'Delete a trigger first: a version or alias has at most 10.',
	),
	ERR_TEST_EVENT_NOT_FOUND: row(404, 'FSS.1070', 'caller', 'List the test events of the function.'),
	ERR_TEST_EVENT_EXISTS: row(403, 'FSS.1073', 'caller', 'Choose another name, or update the test event.'),
	ERR_TEST_EVENT_LIMIT: row(403, 'FSS.1068', 'caller', 'Delete a test event first.'),
	ERR_TEST_EVENT_TOO_LARGE: row(403, 'FSS.1069', 'caller', 'Keep a test event of at most 4 KB.'),
	ERR_USER_EXISTS: row(409, 'FSS.0409', 'caller', 'Choose another name: see httpfn user list.'),
	ERR_USER_NOT_FOUND: row(404, 'FSS.0404', 'caller', 'See httpfn user list.'),
	ERR_CODE_INVALID: row(400, 'FSS.1011', 'caller', 'Mend the package: the message names the entry.'),
	ERR_CODE_TOO_LARGE: row(413, 'FSS.1071', 'caller', 'Send a package of at most 50 MB.'),
	ERR_CODE_INLINE_TOO_LARGE: row(413, 'FSS.1072', 'caller', 'Send inline code of at most 10 KB, or a zip.'),
	ERR_STATE_UNAVAILABLE: row(500, 'FSS.1302', 'platform', 'See to the state folder: room, rights, file.'),
	ERR_STATE_IN_USE: row(500, 'FSS.0500', 'platform', 'End the httpfn that has it, or name another --state.'),

	ERR_CLIENT_GONE: row(499, 'FSS.0408', 'caller', 'Wait for the answer.'),
	ERR_PORT_IN_USE: row(500, 'APIG.0201', 'platform', 'End the program that holds the port.'),
	ERR_ACCESS_LOG: row(500, 'FSS.0500', 'platform', 'Name a file in a folder that is there.'),
	ERR_LISTEN_FAILED: row(500, 'APIG.0601', 'platform', 'Choose another --listen address.'),
	ERR_BENCH_FAILED: row(500, 'FSS.0500', 'platform', 'Mend what the message names, and measure again.'),
	ERR_FOLDER_NOT_EMPTY: row(409, 'FSS.0409', 'caller', 'Name another folder, or use --force.'),
	ERR_FOLDER_UNWRITABLE: row(500, 'FSS.0500', 'platform', 'See to the folder: room, rights, name.'),
	ERR_SETUP_FAILED: row(500, 'FSS.0500', 'platform', 'See what the command printed; run it there again.'),
	ERR_SPAWN_FAILED: row(500, 'APIG.0601', 'platform', 'Install bash, or raise the process limit.'),
	ERR_EDGE_BUNDLER: row(
		500,
		'APIG.0601',
		'platform',
		'Make room, run httpfn as it was built, or install esbuild where it is a library.',
	),
	ERR_ISOLATION_UNAVAILABLE: row(500, 'APIG.0601', 'platform', 'See httpfn doctor.'),
	ERR_PACKED_INVALID: row(500, 'FSS.0500', 'platform', 'Copy the packed file anew, or pack it again.'),
	ERR_PACKED_UNTRUSTED: row(500, 'FSS.0500', 'platform', 'Use a file that is signed with a trusted key.'),
	ERR_PACKED_RUNTIME: row(500, 'FSS.0500', 'caller', 'Name an executable of this version with --runtime.'),
	ERR_PACKED_FOLDER: row(500, 'FSS.0500', 'platform', 'Make room in one of them, or set XDG_CACHE_HOME.'),
	ERR_CLOUD_UNFIT: row(400, 'FSS.0400', 'caller', 'Mend what is fatal, or say --force.'),
	ERR_PACK_FAILED: row(500, 'FSS.0500', 'caller', 'Mend what the message names, and pack again.'),
	ERR_WORKERS_UNAVAILABLE: row(500, 'APIG.0601', 'platform', 'Leave workers at 1, or use Linux.'),
	ERR_NOT_RUNNING: row(500, 'FSS.0500', 'platform', 'Start httpfn serve first.'),
	ERR_UPGRADE_FAILED: row(500, 'FSS.0500', 'platform', 'See what the message names; nothing has changed.'),
	ERR_SERVICE_FAILED: row(500, 'FSS.0500', 'platform', 'Do what the message names.'),
	ERR_RELOAD_FAILED: row(500, 'FSS.0500', 'platform', 'See the log of the httpfn that serves.'),
	ERR_SERVER_UNREACHABLE: row(
		500,
		'FSS.0503',
		'platform',
		'Start one with httpfn serve, or name another with httpfn login or --endpoint.',
	),
	ERR_SERVER_REFUSED: row(500, 'FSS.0502', 'caller', 'See what the server says in the message.'),
	ERR_NO_ANSWER: row(500, 'FSS.0504', 'caller', 'See httpfn logs NAME, and httpfn trigger list NAME.'),
	ERR_TOO_MANY_REQUESTS: row(429, 'FSS.0429', 'caller', 'Retry later, or raise --concurrency.'),
	ERR_OVERLOADED: row(503, 'FSS.0503', 'platform', 'Retry later, or run more of httpfn.'),
	ERR_DRAINING: row(503, 'FSS.0503', 'platform', 'Retry: httpfn is stopping.'),
	ERR_INTERNAL: row(500, 'APIG.0601', 'platform', 'Report this as a defect of httpfn.'),
} as const satisfies Record<`ERR_${string}`, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** A failure with a code of the table above. `message` states what was done, found and wanted. */
export class RuntimeError extends Error {
	override readonly name = 'RuntimeError';
	readonly code: ErrorCode;

	constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.code = code;
	}

	get row(): ErrorRow {
		return ERRORS[this.code];
	}
}

function row(status: number, wire: string, fault: Fault, help: string, engine?: number): ErrorRow {
	return engine === undefined ? { status, wire, fault, help } : { status, wire, fault, help, engine };
}
