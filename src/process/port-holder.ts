/** Who listens on a port of 127.0.0.1. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/clock.ts';
import { LIMITS } from '../contract/limits.ts';
import { libc } from '../engine/libc.ts';
import { connect } from '../engine/sockets.ts';
import { MARKER_NAME, markerOwner } from './instance-marker.ts';
import { openSocket, tryConnect } from './loopback-connect.ts';
import { environmentValue, processIds, processName } from './process-table.ts';
import { hostPort, listeningSockets, socketInodes } from './socket-table.ts';

/** A listener that does not even refuse within this has a full backlog. */
const ANSWER_MS_MAX = 200;
/** A process that is ending is gone from /proc before its sockets are: one without an owner is given so long to go. */
const OWNERLESS_MS_MAX = 500;
const OWNERLESS_STEP_MS = 5;
/** Addresses that cover 127.0.0.1, the nearest first. */
const COVERING = ['127.0.0.1', '::ffff:7f00:1', '0.0.0.0', '::'];

/**
 * A phrase that names what listens where a function's port should be free ("python3 (pid 7) on 0.0.0.0:8000"); null
 * when 127.0.0.1:port is free. Elsewhere than on Linux the holder is known to exist, and has no name.
 */
export async function portHolder(port: number): Promise<string | null> {
	const deadlineMs = monotonicMs() + OWNERLESS_MS_MAX;
	// Reading the kernel's table takes milliseconds, being refused does not.
	while (await isPortHeld(port)) {
		const sockets = await listeningSockets();
		if (sockets === null) return `another program on ${hostPort(LIMITS.functionHost, port)}`;
		const holder = COVERING.map((address) =>
			sockets.find((socket) => socket.port === port && socket.address === address),
		).find((socket) => socket !== undefined);
		// It has gone meanwhile, or the attempt met itself (see `isListened`).
		if (holder === undefined) return null;
		const owner = ownerName(holder.inode);
		const place = hostPort(holder.address, port);
		if (owner !== null) return `${owner} on ${place}`;
		if (monotonicMs() >= deadlineMs) return `another program (of another user) on ${place}`;
		await delay(OWNERLESS_STEP_MS);
	}
	return null;
}

/** Whether anything answers on 127.0.0.1:port. */
export async function isPortHeld(port: number): Promise<boolean> {
	const calls = libc();
	if (calls === null) return await answers(port);
	// Known at once: a cold start asks this first.
	const socket = openSocket(calls);
	const found = tryConnect(calls, socket, port);
	calls.close(socket);
	return found === 'pending' ? await answers(port) : found === 'connected';
}

function answers(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const answer = (held: boolean) => {
			clearTimeout(timer);
			// First: the close that follows answers too.
			resolve(held);
			connection.destroy();
		};
		const timer = setTimeout(() => answer(true), ANSWER_MS_MAX);
		const handler = { onData() {}, onDrain() {}, onEnd() {}, onClose: () => answer(false) };
		const connection = connect(LIMITS.functionHost, port, handler, () => queueMicrotask(() => answer(true)));
	});
}

/**
 * Whether the kernel's table has a listener for 127.0.0.1:port; true where there is no table. To be asked where
 * `mayMeetItself`: a connection to a port that nobody listens on succeeds when the kernel gives it that very port as
 * its own, and then blocks the function from listening there.
 */
export async function isListened(port: number): Promise<boolean> {
	const sockets = await listeningSockets();
	if (sockets === null) return true;
	return sockets.some((socket) => socket.port === port && COVERING.includes(socket.address));
}

/** Whether the port is among those the kernel gives to outgoing connections (by default 32768 to 60999). */
export function mayMeetItself(port: number): boolean {
	try {
		const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1').trim().split(/\s+/);
		const [first = 0, last = 0] = range.map(Number);
		return port >= first && port <= last;
	} catch {
		return false;
	}
}

/** Null where no process that can be looked into has the socket. */
function ownerName(inode: string): string | null {
	for (const pid of processIds()) {
		if (!socketInodes(pid).has(inode)) continue;
		const marker = environmentValue(pid, MARKER_NAME);
		const owner = marker === null ? null : markerOwner(marker);
		const started = owner === null ? '' : `, started by httpfn (pid ${owner.pid})`;
		return `${processName(pid)} (pid ${pid}${started})`;
	}
	return null;
}
