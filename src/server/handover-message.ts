/** What two processes say to each other while one takes over from the other: one JSON object a line. */
import * as z from 'zod/mini';
import { readMessage } from './read-message.ts';

/** Of the one that takes over. */
const fromSuccessor = () =>
	z.union([
		/** It needs the state folder now. */
		z.strictObject({ kind: z.literal('state') }),
		/** It accepts on every socket it was given. */
		z.strictObject({ kind: z.literal('ready'), version: z.string() }),
		z.strictObject({ kind: z.literal('failed'), code: z.string(), message: z.string() }),
	]);

/** Of the one before: the state folder is free, or why it is not. That its end of the pipe closes says that it has ended. */
const fromPredecessor = () => z.strictObject({ kind: z.literal('state'), problem: z.nullable(z.string()) });

export type SuccessorMessage = z.output<ReturnType<typeof fromSuccessor>>;
export type PredecessorMessage = z.output<ReturnType<typeof fromPredecessor>>;

export function readSuccessorMessage(line: string): SuccessorMessage | null {
	return readMessage(fromSuccessor(), line);
}

export function readPredecessorMessage(line: string): PredecessorMessage | null {
	return readMessage(fromPredecessor(), line);
}
