/** Query and body of a call, judged by the schemas of its operation. All mistakes are told at once. */
import * as z from 'zod/mini';
import { RuntimeError } from '../contract/errors.ts';
import { kindOf } from '../contract/kind-of.ts';
import type { Operation } from './operation.ts';
import type { Spool } from './spool.ts';

export interface Input {
	readonly query: unknown;
	readonly body: unknown;
}

/** Rejects with ERR_BODY_INVALID, which names each field, what was found and what was wanted. */
export async function judgeInput(
	operation: Operation,
	query: Readonly<Record<string, string>>,
	spool: Spool,
): Promise<Input> {
	const judgedQuery = operation.query === undefined ? {} : judge(operation.query(), query, 'query');
	if (operation.body === undefined) return { query: judgedQuery, body: undefined };
	return { query: judgedQuery, body: judge(operation.body(), parse(await spool.whole()), 'body') };
}

function parse(bytes: Buffer): unknown {
	// A body may be left out where every field of it may.
	if (bytes.length === 0) return {};
	try {
		return JSON.parse(bytes.toString('utf8'));
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new RuntimeError('ERR_BODY_INVALID', `the body is no JSON: ${why}`, { cause: error });
	}
}

function judge(schema: z.ZodMiniType, value: unknown, where: 'query' | 'body'): unknown {
	const judged = safely(schema, value);
	if (judged.success) return judged.data;
	const mistakes = judged.error.issues.map((issue) => {
		const path = [where, ...issue.path.map(String)].join('.');
		return `${path}: ${issue.message || issue.code}, found ${kindOf(issue.input)}`;
	});
	throw new RuntimeError('ERR_BODY_INVALID', mistakes.join('; '));
}

/** A value can be nested deeper than a schema can follow it. */
function safely(schema: z.ZodMiniType, value: unknown): ReturnType<typeof z.safeParse> {
	try {
		return z.safeParse(schema, value, { reportInput: true });
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		throw new RuntimeError('ERR_BODY_INVALID', 'the body is nested too deep', { cause: error });
	}
}
