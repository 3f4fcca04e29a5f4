import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServePlace } from '../engine/redirect-serve.ts';

/** A module may be about to listen when it has been evaluated. */
const TRIES = 20;
const STEP_MS = 25;

/** Whether something accepts connections there, or soon does. */
export async function isListenedOn(place: ServePlace): Promise<boolean> {
	// Loaded by those who need it, and by a way that Node.js 20.15 knows.
	const { connect } = await import('node:net');
	for (let tries = 0; tries < TRIES; tries++) {
		if (await connects(() => connect(place))) return true;
		await delay(STEP_MS);
	}
	return false;
}

function connects(open: () => Socket): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = open();
		const settle = (connected: boolean): void => {
			socket.destroy();
			resolve(connected);
		};
		socket.once('connect', () => settle(true));
		socket.once('error', () => settle(false));
	});
}
