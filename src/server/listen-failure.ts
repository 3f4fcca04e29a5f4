import { errorText } from '../base/error-text.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { ListenPlace } from '../engine/listener.ts';
import { placeText } from '../gateway/place-text.ts';
import { portHolder } from '../process/port-holder.ts';

/** Why the gateway could not listen, in words: who holds the place, or what the system said. */
export async function listenFailure(error: unknown, wanted: ListenPlace): Promise<RuntimeError> {
	if (error instanceof RuntimeError && error.code !== 'ERR_LISTEN_FAILED') return error;
	const origin = error instanceof RuntimeError ? error.cause : error;
	const { code } = (origin ?? {}) as NodeJS.ErrnoException;
	if (code === undefined && error instanceof RuntimeError) return error;
	const problem = (await problemOf(code, wanted)) ?? errorText(origin);
	return new RuntimeError('ERR_LISTEN_FAILED', `cannot listen on ${placeText(wanted)}: ${problem}`, {
		cause: error,
	});
}

async function problemOf(code: string | undefined, at: ListenPlace): Promise<string | null> {
	switch (code) {
		case 'EADDRINUSE':
			if (at.kind === 'tcp') return `${(await portHolder(at.port)) ?? 'another program'} holds the port`;
			return at.kind === 'unix' ? 'another program listens there' : null;
		case 'EACCES':
			return at.kind === 'tcp'
				? 'not permitted; wanted a port from 1024 up'
				: 'not permitted; wanted a folder that this user may write to';
		case 'EADDRNOTAVAIL':
			return 'no interface of this host has that address';
		case 'EEXIST':
			return 'a file of another kind is there; wanted a free path';
		case 'ENOENT':
			return at.kind === 'unix' ? 'the folder is missing' : null;
		case 'EBADF':
		case 'EINVAL':
		case 'ENOTSOCK':
			return at.kind === 'descriptor'
				? `${code}: it is no socket that listens; wanted one that whoever starts httpfn hands over`
				: null;
		default:
			return null;
	}
}
