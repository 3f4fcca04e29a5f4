import { RuntimeError } from '../../contract/errors.ts';
import { isObject } from '../../contract/kind-of.ts';
import type { Invocation } from '../command.ts';
import type { EventSource } from '../event-source.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printable } from '../printable.ts';
import { FunctionApi } from './function-api.ts';
import { functionReference } from './function-reference.ts';
import { ownCode } from './server-error.ts';
import { openServer } from './server-options.ts';

/** Bytes of an answer that tells what went wrong. */
const FAILURE_CHARS_MAX = 2_000;

/** Sends an event to a function of a server, and the envelope to stdout as it comes. */
export async function invokeDeployed(
	invocation: Invocation,
	openSource: () => Promise<EventSource>,
	signal: AbortSignal,
): Promise<ExitCode> {
	const { arguments: given, stdout, stderr } = invocation;
	const reference = functionReference(invocation);
	const api = new FunctionApi(openServer(invocation), reference);
	const source = await openSource();
	let event: Uint8Array<ArrayBuffer>;
	try {
		const chunks: Uint8Array[] = [];
		for await (const chunk of source.read()) chunks.push(chunk);
		event = Buffer.concat(chunks);
	} finally {
		await source.close();
	}
	const headers = given.options.has('--log') ? { 'X-Cff-Log-Type': 'tail' } : {};
	const response = await api.invoke(reference.qualifier, event, { headers, signal });
	const log = Buffer.from(response.headers.get('x-cff-function-log') ?? '', 'base64').toString('utf8');
	for (const line of log.trimEnd().split('\n')) {
		if (line !== '') stderr.writeText(`${printable(line)}\n`);
	}
	if (response.headers.get('x-is-func-err') === 'true') throw await failure(reference.name, response);
	for await (const chunk of response.body ?? []) {
		if (!stdout.write(chunk)) await stdout.onDrain();
	}
	stdout.writeText('\n');
	return EXIT.ok;
}

/** The function's own failure is an answer of the platform's, with a result that says what happened. */
async function failure(name: string, response: Response): Promise<RuntimeError> {
	const text = (await response.text()).slice(0, FAILURE_CHARS_MAX);
	let said = text;
	try {
		const result: unknown = JSON.parse(text);
		if (isObject(result)) said = `${result.message ?? result.errorMessage ?? text}`;
	} catch {
		// Told as it is.
	}
	const engine = response.headers.get('x-func-err-code') ?? 'unknown';
	const request = response.headers.get('x-cff-request-id') ?? 'unknown';
	const message = `${name} failed (${engine}): ${said} (request ${request})`;
	return new RuntimeError(ownCode(response.headers), printable(message));
}
