import type { ListenPlace } from '../engine/listener.ts';

/** As users write it: `127.0.0.1:8080`, `[::1]:8080`, `unix:/run/httpfn.sock`, `fd:3`. */
export function placeText(at: ListenPlace): string {
	switch (at.kind) {
		case 'tcp':
			return `${at.host.includes(':') ? `[${at.host}]` : at.host}:${at.port}`;
		case 'unix':
			return `unix:${at.path}`;
		case 'descriptor':
			return `fd:${at.fd}`;
		default:
			return at satisfies never;
	}
}
