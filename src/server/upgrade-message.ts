/** What `httpfn upgrade` and the httpfn that serves say to each other: one JSON object a line, one question a connection. */
import * as z from 'zod/mini';
import { readMessage } from './read-message.ts';

const milliseconds = () => z.int().check(z.gte(0), z.lte(86_400_000));

const question = () =>
	z.union([
		z.strictObject({ kind: z.literal('status') }),
		z.strictObject({
			kind: z.literal('upgrade'),
			/** Absolute path of the new executable. */
			file: z.string().check(z.minLength(1)),
			/** For the new one to be ready. */
			timeoutMs: milliseconds(),
			/** For requests in flight, once it is. */
			graceMs: milliseconds(),
		}),
	]);

const answer = () =>
	z.union([
		z.strictObject({
			kind: z.literal('status'),
			pid: z.int(),
			version: z.string(),
			/** As the kernel names it. */
			executable: z.string(),
			/** Of `serve`; null: it has none. */
			config: z.nullable(z.string()),
		}),
		z.strictObject({ kind: z.literal('done'), pid: z.int(), version: z.string() }),
		z.strictObject({ kind: z.literal('failed'), code: z.string(), message: z.string() }),
	]);

export type UpgradeQuestion = z.output<ReturnType<typeof question>>;
export type UpgradeAnswer = z.output<ReturnType<typeof answer>>;

export function readQuestion(line: string): UpgradeQuestion | null {
	return readMessage(question(), line);
}

export function readAnswer(line: string): UpgradeAnswer | null {
	return readMessage(answer(), line);
}
