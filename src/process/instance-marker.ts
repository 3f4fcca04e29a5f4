/**
 * Every process of an instance is born with `HTTPFN_INSTANCE=<pid>.<start ticks>.<pid namespace>.<n>` in its
 * environment: which httpfn owns it, and a number of that instance. Children inherit it, daemons too.
 *
 * The start ticks tell an owner from a later process with the same pid; the namespace keeps an httpfn on the host
 * from judging the owners of one in a container, whose pids mean something else.
 */
import { ownNamespace, startTicks } from './process-table.ts';

export const MARKER_NAME = 'HTTPFN_INSTANCE';

export interface MarkerOwner {
	readonly pid: number;
	readonly startTicks: string;
	readonly namespace: string;
}

let instancesMade = 0;
let ownPrefix: string | null = null;

/** A value that no other instance has. */
export function newMarker(): string {
	ownPrefix ??= `${process.pid}.${startTicks(process.pid) ?? '0'}.${ownNamespace() ?? '0'}`;
	instancesMade += 1;
	return `${ownPrefix}.${instancesMade}`;
}

/** Null for a value that is not one of ours. */
export function markerOwner(marker: string): MarkerOwner | null {
	const match = /^([1-9]\d{0,9})\.(\d{1,20})\.(\d{1,20})\.\d{1,15}$/.exec(marker);
	if (match === null) return null;
	const [, pid = '', ticks = '', namespace = ''] = match;
	return { pid: Number(pid), startTicks: ticks, namespace };
}
