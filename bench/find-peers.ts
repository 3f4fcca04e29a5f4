/** From the names of --peers to programs on this machine. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer } from './peer.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const FLAGSHIP = join(DIST, 'httpfn');
const BUILT = new Set(['httpfn', 'httpfn-bun', 'httpfn-node']);

/** Throws where a name is unknown or its program is not there; the message says what to do. */
export function findPeers(names: readonly string[]): Peer[] {
	const flagship = existsSync(FLAGSHIP) ? digest(FLAGSHIP) : null;
	return names.map((word): Peer => {
		if (word === 'nginx' || word === 'haproxy' || word === 'caddy') {
			return { name: word, kind: word, binary: findProgram(word), flagship: false };
		}
		const [name = '', path] = word.split('=');
		if (path === undefined && !BUILT.has(name)) {
			const wanted = ['nginx', 'haproxy', 'caddy', ...BUILT, 'NAME=PATH'].join(', ');
			throw new TypeError(`--peers has ${JSON.stringify(word)}, wanted ${wanted}`);
		}
		const binary = path === undefined ? join(DIST, name) : resolve(path);
		if (!existsSync(binary))
			throw new TypeError(`--peers has ${word}, but ${binary} is not there: npm run build`);
		return { name, kind: 'httpfn', binary, flagship: digest(binary) === flagship };
	});
}

/** Each httpfn once more, with so many processes that take requests; 1: not. */
export function withWorkers(peers: readonly Peer[], workers: number): readonly Peer[] {
	if (workers === 1) return peers;
	return peers.flatMap((peer) => {
		const { name, kind } = peer;
		if (kind !== 'httpfn') return [peer];
		return [peer, { ...peer, name: `${name}, ${workers} workers`, flagship: false, workers }];
	});
}

/** Debian keeps some in /usr/sbin, which is not on the search path of every user. */
export function findProgram(name: string): string {
	const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/bin'];
	for (const folder of folders) {
		const path = join(folder, name);
		if (folder !== '' && existsSync(path)) return path;
	}
	throw new TypeError(`${name} is not installed, wanted in ${folders.join(':')}`);
}

function digest(path: string): string {
	return createHash('sha256').update(readFileSync(path)).digest('hex');
}
