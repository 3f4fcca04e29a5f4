/**
 * The control plane as one hono application, made from the table of operations.
 *
 *   head judged (who, and with which right) → body spooled and hashed → signature judged by that hash
 *   → query and body judged by their schemas → operation → the platform's answer, or its form of an error
 *
 * Nothing of a request is acted on before its signature is judged whole.
 */
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { RuntimeError } from '../contract/errors.ts';
import { newRequestId } from '../contract/request-id.ts';
import type { Log } from '../telemetry/log.ts';
import type { Authenticator } from './auth/authenticator.ts';
import type { ControlContext } from './control-context.ts';
import { controlErrorBody, controlErrorHeaders } from './control-error.ts';
import { judgeInput } from './judge-input.ts';
import type { Answer, Operation, RefusedOperation } from './operation.ts';
import { Reply } from './reply.ts';
import { requireRight } from './require-right.ts';
import { Spool } from './spool.ts';

export interface ControlAppOptions {
	readonly context: ControlContext;
	readonly authenticator: Authenticator;
	readonly operations: readonly Operation[];
	readonly refused: readonly RefusedOperation[];
	/** Served to everybody at /openapi.json; made when first asked for. */
	readonly openApi: () => object;
	/** Where long bodies are kept meanwhile. */
	readonly spoolFolder: string;
	readonly log: Log;
	/** Resolves when what was changed has taken effect wherever requests are taken; absent: it has at once. */
	readonly settled?: (() => Promise<void>) | null;
	/** Aborts when the server stops. */
	readonly draining: AbortSignal;
}

type Ask = Context<{ Bindings: HttpBindings }>;

/** Bytes of a JSON body: a package of 50 MB in Base64, and the rest of its request (ours). */
const JSON_BYTES_MAX = 72 * 1024 * 1024;
/** Bytes of an event: 6 MiB in Base64, each sign of which JSON may escape, and its head (ours). */
const EVENT_BYTES_MAX = 50 * 1024 * 1024;
/** Bytes of a body where none is wanted. */
const UNWANTED_BYTES_MAX = 64 * 1024;

export function controlApp(options: ControlAppOptions): Hono<{ Bindings: HttpBindings }> {
	const app = new Hono<{ Bindings: HttpBindings }>();
	let openApi: string | null = null;
	app.get('/openapi.json', (ask) => {
		openApi ??= JSON.stringify(options.openApi());
		return ask.body(openApi, 200, { 'Content-Type': 'application/json' });
	});
	for (const operation of options.operations) {
		app.on(operation.method, routePath(operation.path), (ask) =>
			answered(options, ask, (requestId) => perform(options, operation, ask, requestId)),
		);
	}
	for (const operation of options.refused) {
		app.on(operation.method, routePath(operation.path), (ask) =>
			answered(options, ask, (requestId) => refuse(options, operation, ask, requestId)),
		);
	}
	app.notFound((ask) =>
		answered(options, ask, () => {
			throw new RuntimeError(
				'ERR_OPERATION_NOT_FOUND',
				`there is no ${ask.req.method} ${shown(ask.req.path)}`,
			);
		}),
	);
	return app;
}

/** `{name}` of OpenAPI as hono writes it. */
function routePath(path: string): string {
	return path.replaceAll(/\{([^}]+)\}/g, ':$1');
}

async function perform(
	options: ControlAppOptions,
	operation: Operation,
	ask: Ask,
	requestId: string,
): Promise<Response> {
	const { incoming, outgoing } = ask.env;
	const bytesMax = operation.spooled ? EVENT_BYTES_MAX : operation.body ? JSON_BYTES_MAX : UNWANTED_BYTES_MAX;
	const { identity, spool } = await admit(options, operation, ask, bytesMax);
	const reply = new Reply(outgoing, options.draining);
	try {
		const answer = await operation.run({
			context: options.context,
			identity,
			requestId,
			parameters: ask.req.param() as Record<string, string>,
			...(await judgeInput(operation, ask.req.query(), spool)),
			spool,
			header: (name) => {
				const value = incoming.headers[name];
				return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
			},
		});
		if (!('stream' in answer)) {
			await options.settled?.();
			return jsonResponse(operation, answer, requestId);
		}
		await answer.stream(reply);
		return RESPONSE_ALREADY_SENT;
	} catch (error) {
		if (!reply.begun) throw error;
		reply.cut();
		if (!reply.signal.aborted) logFailure(options.log, requestId, ask, error);
		return RESPONSE_ALREADY_SENT;
	} finally {
		await spool.close();
	}
}

/** A stranger is not told what there is: who asks is judged before what is asked. */
async function refuse(
	options: ControlAppOptions,
	operation: RefusedOperation,
	ask: Ask,
	_requestId: string,
): Promise<never> {
	const { spool } = await admit(options, null, ask, JSON_BYTES_MAX);
	await spool.close();
	throw new RuntimeError(operation.code, operation.why);
}

async function admit(
	{ authenticator, spoolFolder }: ControlAppOptions,
	operation: Operation | null,
	ask: Ask,
	bytesMax: number,
): Promise<{ readonly identity: ReturnType<Authenticator['begin']>['identity']; readonly spool: Spool }> {
	const { incoming } = ask.env;
	const pending = authenticator.begin({
		method: incoming.method ?? '',
		url: incoming.url ?? '',
		headers: oneValueEach(incoming.headersDistinct),
	});
	if (operation !== null) requireRight(pending.identity, operation);
	const spool = await Spool.read(incoming, {
		folder: spoolFolder,
		bytesMax,
		digest: pending.needsBodyDigest,
	});
	try {
		return { identity: pending.finish(spool.sha256), spool };
	} catch (error) {
		await spool.close();
		throw error;
	}
}

/** Repeated headers in one text, as they are signed. */
function oneValueEach(headers: NodeJS.Dict<string[]>): Record<string, string | undefined> {
	return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values?.join(', ')]));
}

/** Whatever goes wrong on the way, the client gets it in the platform's form, with the id that the log has. */
async function answered(
	{ log }: ControlAppOptions,
	ask: Ask,
	perform: (requestId: string) => Response | Promise<Response>,
): Promise<Response> {
	const requestId = newRequestId();
	try {
		return await perform(requestId);
	} catch (error) {
		const failure =
			error instanceof RuntimeError
				? error
				: new RuntimeError('ERR_INTERNAL', 'the control plane failed', { cause: error });
		logFailure(log, requestId, ask, error);
		// What was not read of the request would be taken for the next one.
		const close = ask.env.incoming.complete ? {} : { Connection: 'close' };
		return new Response(controlErrorBody(failure), {
			status: failure.row.status,
			headers: { ...controlErrorHeaders(failure, requestId), ...close },
		});
	}
}

function logFailure(log: Log, requestId: string, ask: Ask, error: unknown): void {
	const known = error instanceof RuntimeError;
	const level = known && error.row.fault !== 'platform' ? 'info' : 'error';
	log.write(level, 'a call of the control plane failed', {
		requestId,
		method: ask.req.method,
		path: shown(ask.req.path),
		code: known ? error.code : 'ERR_INTERNAL',
		error: error instanceof Error ? error.message : String(error),
		...(known ? {} : { stack: error instanceof Error ? error.stack : undefined }),
	});
}

function jsonResponse(
	operation: Operation,
	answer: Exclude<Answer, { stream: unknown }>,
	requestId: string,
): Response {
	const { status = operation.answer.status, headers = {}, body } = answer;
	const ids = { 'X-Request-Id': requestId, 'X-Cff-Request-Id': requestId };
	if (body === undefined) return new Response(null, { status, headers: { ...ids, ...headers } });
	const all = { 'Content-Type': 'application/json', ...ids, ...headers };
	return new Response(JSON.stringify(body), { status, headers: all });
}

/** Enough to recognize it. */
function shown(path: string): string {
	return path.length > 256 ? `${path.slice(0, 256)}…` : path;
}
