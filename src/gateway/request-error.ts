import type { ErrorCode } from '../contract/errors.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { FaultKind } from '../http1/protocol-fault.ts';
import { ProtocolFault } from '../http1/protocol-fault.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { Log } from '../telemetry/log.ts';
import { refusedEntry } from './access-fields.ts';
import type { RequestTaker } from './exchange-client.ts';
import type { GatewayContext } from './gateway-context.ts';

const CODES = {
	malformed: 'ERR_REQUEST_MALFORMED',
	'target-too-large': 'ERR_URI_TOO_LARGE',
	'head-too-large': 'ERR_HEADERS_TOO_LARGE',
	'transfer-coding-unknown': 'ERR_TRANSFER_CODING_UNKNOWN',
	'version-unsupported': 'ERR_HTTP_VERSION_UNSUPPORTED',
	'expectation-unsupported': 'ERR_EXPECTATION_UNSUPPORTED',
} as const satisfies Record<FaultKind, ErrorCode>;

/** What a client gets for what reading its request threw; anything but a fault or an error of ours is thrown on. */
export function requestError(error: unknown): RuntimeError {
	if (error instanceof RuntimeError) return error;
	if (!(error instanceof ProtocolFault)) throw error;
	return new RuntimeError(CODES[error.kind], `the request breaks HTTP: ${error.message}`, {
		cause: error,
	});
}

export interface RequestFailure {
	readonly requestId: string;
	readonly error: RuntimeError;
	/** Null: the request could not be read. */
	readonly head: RequestHead | null;
	/** Of the client. */
	readonly address: string;
}

/** The records that stand for an error answer: their request id is the one the client was given. `taker` is null where nobody took it. */
export function reportFailure(
	context: GatewayContext,
	taker: RequestTaker | null,
	failure: RequestFailure,
): void {
	const { requestId, error, head, address } = failure;
	if (head !== null && head.target === context.selfTarget) return;
	logRequestError(taker?.target.log ?? context.log, requestId, error, head, address);
	// Who took it records it, and how long it took.
	if (taker === null) context.accessLog?.write(refusedEntry(head, address, requestId, error));
}

function logRequestError(
	log: Log,
	requestId: string,
	error: RuntimeError,
	head: RequestHead | null,
	client: string,
): void {
	const { fault, status } = error.row;
	const request = head === null ? undefined : `${head.method} ${head.target}`;
	const fields: Record<string, string | number | undefined> = {
		code: error.code,
		fault,
		status,
		requestId,
		client,
		request,
	};
	// The client is not told what nobody foresaw; the log is.
	if (error.code === 'ERR_INTERNAL') fields.cause = String(error.cause);
	log.write(fault === 'caller' ? 'warn' : 'error', error.message, fields);
}
