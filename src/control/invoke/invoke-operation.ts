/**
 * invokeFunction: an APIG event in, the envelope out. Neither is ever held whole.
 *
 * The answer's head tells how long the call took, so it waits for a short envelope to end; a long one is begun when it has
 * outgrown that wait, and its head tells what is known then.
 */
import * as z from 'zod/mini';
import { RuntimeError } from '../../contract/errors.ts';
import { findFunction } from '../find-function.ts';
import type { Call, Operation, StreamAnswer } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { InvokeReply } from './invoke-reply.ts';

export const INVOKE_OPERATIONS: readonly Operation[] = [
	{
		id: 'invokeFunction',
		method: 'POST',
		path: '/v2/{project_id}/fgs/functions/{function_urn}/invocations',
		summary: 'Call a function with an APIG event and get the envelope of its answer.',
		right: 'invoke',
		spooled: true,
		answer: { status: 200, schema: () => z.looseObject({}) },
		run: invoke,
	},
];

/** Throws ERR_URN_INVALID, ERR_FUNCTION_NOT_FOUND. */
function invoke(call: Call): StreamAnswer {
	const { record, qualifier } = findFunction(call);
	return {
		async stream(reply: Reply): Promise<void> {
			const answer = new InvokeReply({
				reply,
				requestId: call.requestId,
				form: call.header('x-cff-request-version') === 'v1' ? 'json' : 'envelope',
				memoryMb: record.latest.config.memory_size,
				tail: call.header('x-cff-log-type')?.toLowerCase() === 'tail',
				lines: () => call.context.lines.tail(record.id, TAIL_LINES_MAX),
			});
			try {
				await call.context.invoker.invoke(record, qualifier, {
					requestId: call.requestId,
					readEvent: (from, to) => call.spool.read(from, to),
					writeEnvelope: (bytes) => answer.write(bytes),
					signal: reply.signal,
				});
			} catch (error) {
				if (!(error instanceof RuntimeError) || !answer.canTell(error)) throw error;
				await answer.fail(error);
				return;
			}
			await answer.end();
		},
	};
}

/** Lines among which those of the request are looked for. */
const TAIL_LINES_MAX = 1_000;
