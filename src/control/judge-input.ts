/** Query and body of a call, judged by the schemas of its operation. All mistakes are told at once. */
import * as z from 'zod/mini';
import { errorText } from '../base/error-text.ts';
import { shortened } from '../base/shortened.ts';
import { RuntimeError } from '../contract/errors.ts';
import { kindOf } from '../contract/kind-of.ts';
import { judgeExtent } from './models/judge-extent.ts';
import { Mistakes } from './models/mistakes.ts';
import type { Operation } from './operation.ts';
import type { Spool } from './spool.ts';

/** Of a mistake, in which names that the client chose may stand. */
const PATH_CHARS_MAX = 128;
const MESSAGE_CHARS_MAX = 256;

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
	let json: unknown;
	try {
		json = JSON.parse(bytes.toString('utf8'));
	} catch (error) {
		throw new RuntimeError('ERR_BODY_INVALID', `the body is no JSON: ${errorText(error)}`, { cause: error });
	}
	judgeExtent(json);
	return json;
}

function judge(schema: z.ZodMiniType, value: unknown, where: 'query' | 'body'): unknown {
	const judged = z.safeParse(schema, value, { reportInput: true });
	const mistakes = new Mistakes();
	for (const issue of judged.error?.issues ?? []) {
		const path = [where, ...issue.path.map(String)].join('.');
		const found = `${shortened(path, PATH_CHARS_MAX)}: ${shortened(issue.message || issue.code, MESSAGE_CHARS_MAX)}`;
		mistakes.add('ERR_BODY_INVALID', `${found}, found ${kindOf(issue.input)}`);
	}
	mistakes.throwAny();
	return judged.data;
}
