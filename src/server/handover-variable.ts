/** What a process that takes over from another is told in its environment. */
import * as z from 'zod/mini';
import { HANDED_OVER } from '../config/listen-points.ts';
import { readMessage } from './read-message.ts';

/** Of this program's own making: nobody sets it by hand, and no function sees it. */
export const HANDOVER_VARIABLE = '_HTTPFN_HANDOVER';

const descriptor = () => z.int().check(z.gte(3));
const handover = () =>
	z.strictObject({
		/** Sockets that listen already, by the place that was asked for, and the file of a Unix socket where it is ours. */
		sockets: z.array(z.strictObject({ wanted: z.string(), fd: descriptor(), file: z.nullable(z.string()) })),
		/** Where the control plane listens in fact; null: there is none. */
		control: z.nullable(z.strictObject({ host: z.string(), port: z.int() })),
		/** Pipes: what the process before says, and what it is told. */
		read: descriptor(),
		write: descriptor(),
	});

export type Handover = z.output<ReturnType<typeof handover>>;

/** Null where there is none, or none that this program could have written. */
export function readHandover(environment: Readonly<Record<string, string>>): Handover | null {
	const text = environment[HANDOVER_VARIABLE];
	return text === undefined ? null : readMessage(handover(), text);
}

/** The environment of the process that takes over: this one's, but for what names this one. */
export function handoverEnvironment(
	environment: Readonly<Record<string, string>>,
	told: Handover,
): Record<string, string> {
	const { WATCHDOG_PID: _, LISTEN_PID: activated, ...rest } = environment;
	return {
		...rest,
		...(activated === undefined ? {} : { LISTEN_PID: HANDED_OVER }),
		[HANDOVER_VARIABLE]: JSON.stringify(told),
	};
}
