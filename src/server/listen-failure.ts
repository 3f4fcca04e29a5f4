import type { ListenAddress } from '../config/listen-address.ts';
import { RuntimeError } from '../contract/errors.ts';
import { portHolder } from '../process/port-holder.ts';

/** Why the gateway could not listen, in words: who holds the port, or what the system said. */
export async function listenFailure(error: unknown, wanted: ListenAddress): Promise<RuntimeError> {
	if (error instanceof RuntimeError && error.code !== 'ERR_LISTEN_FAILED') return error;
	const origin = error instanceof RuntimeError ? error.cause : error;
	const { code, message } = (origin ?? {}) as NodeJS.ErrnoException;
	if (code === undefined && error instanceof RuntimeError) return error;
	const { host, port } = wanted;
	const action = `cannot listen on ${host.includes(':') ? `[${host}]` : host}:${port}`;
	const cause = { cause: error };
	switch (code) {
		case 'EADDRINUSE': {
			const holder = await portHolder(port);
			return new RuntimeError(
				'ERR_LISTEN_FAILED',
				`${action}: ${holder ?? 'another program'} holds the port`,
				cause,
			);
		}
		case 'EACCES':
			return new RuntimeError(
				'ERR_LISTEN_FAILED',
				`${action}: not permitted; wanted a port from 1024 up`,
				cause,
			);
		case 'EADDRNOTAVAIL':
			return new RuntimeError(
				'ERR_LISTEN_FAILED',
				`${action}: no interface of this host has that address`,
				cause,
			);
		default:
			return new RuntimeError('ERR_LISTEN_FAILED', `${action}: ${message}`, cause);
	}
}
