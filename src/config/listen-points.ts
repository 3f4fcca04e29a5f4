/** Where the gateway listens: one place or several, separated by commas, each with `http://` or `https://` where it is to be said. */
import path from 'node:path';
import type { ListenPlace } from '../engine/listener.ts';
import type { BoundPoint, ListenPoint } from '../gateway/gateway.ts';
import { placeText } from '../gateway/place-text.ts';
import { type Mistake, valueMistake } from './config-error.ts';
import type { GivenValue } from './given-value.ts';
import { parseListenAddress } from './listen-address.ts';

interface WrittenPoint {
	/** `inherited`: all that the service manager hands over. */
	readonly at: ListenPlace | 'inherited';
	/** Null: not said. */
	readonly secure: boolean | null;
}

/** What systemd hands over begins here (sd_listen_fds(3)). */
const FIRST_INHERITED = 3;
const INHERITED = 'systemd';
/** LISTEN_PID of a process that took over from the one whom the service manager started: it has the sockets from that one. */
export const HANDED_OVER = 'handed-over';

export function isListenText(text: string): boolean {
	return parsePoints(text) !== null;
}

/**
 * Of a text that has passed `isListenText`. Without a word on it, places other than Unix sockets are secure where there are
 * certificates.
 */
export function listenPoints(
	text: string,
	options: {
		readonly certified: boolean;
		readonly environment: Readonly<Record<string, string>>;
		readonly given: GivenValue | undefined;
	},
	mistakes: Mistake[],
): ListenPoint[] {
	const { certified, environment, given } = options;
	const wrong = (problem: string) =>
		mistakes.push(valueMistake(given?.source ?? 'listen', problem, given?.locate?.([]).position));
	return (parsePoints(text) ?? []).flatMap(({ at, secure }) => {
		if (secure === true && !certified)
			wrong('found https:// and no certificate, wanted --tls-cert and --tls-key too');
		const places = at === 'inherited' ? inheritedPlaces(environment) : [at];
		if (places.length === 0)
			wrong(
				`found ${INHERITED}, and that no socket was handed over (LISTEN_FDS, LISTEN_PID), wanted to be started by a socket unit`,
			);
		return places.map((place) => ({ at: place, secure: secure ?? (certified && place.kind !== 'unix') }));
	});
}

/** How a client on this machine writes it. */
export function pointUrl({ at, secure }: BoundPoint | ListenPoint): string {
	const scheme = secure ? 'https' : 'http';
	if (at.kind !== 'tcp') return secure ? `https://${placeText(at)}` : placeText(at);
	const host = at.host === '0.0.0.0' ? '127.0.0.1' : at.host === '::' ? '::1' : at.host;
	return `${scheme}://${placeText({ ...at, host })}`;
}

function parsePoints(text: string): WrittenPoint[] | null {
	const points = text.split(',').map((part) => parsePoint(part.trim()));
	return points.includes(null) ? null : points.filter((point) => point !== null);
}

function parsePoint(text: string): WrittenPoint | null {
	const [, scheme, place = ''] = /^(?:(https?):\/\/)?(.*)$/s.exec(text) ?? [];
	const at = parsePlace(place);
	return at === null ? null : { at, secure: scheme === undefined ? null : scheme === 'https' };
}

function parsePlace(text: string): WrittenPoint['at'] | null {
	if (text === INHERITED) return 'inherited';
	const [, kind, rest = ''] = /^(unix|fd):(.*)$/s.exec(text) ?? [];
	if (kind === 'unix') return path.isAbsolute(rest) && isUnixPath(rest) ? { kind, path: rest } : null;
	if (kind === 'fd') return /^[1-9]\d{0,5}$/.test(rest) ? descriptor(Number(rest)) : null;
	const address = parseListenAddress(text);
	return address === null ? null : { kind: 'tcp', ...address };
}

function descriptor(fd: number): ListenPlace | null {
	return fd >= FIRST_INHERITED ? { kind: 'descriptor', fd } : null;
}

/** What a socket's address has room for, its final zero included (unix(7)). */
function isUnixPath(text: string): boolean {
	return Buffer.byteLength(text) <= 107 && !text.includes('\0') && !text.endsWith('/');
}

function inheritedPlaces(environment: Readonly<Record<string, string>>): ListenPlace[] {
	const { LISTEN_FDS: count = '', LISTEN_PID: owner } = environment;
	if ((owner !== String(process.pid) && owner !== HANDED_OVER) || !/^\d{1,3}$/.test(count)) return [];
	return Array.from({ length: Number(count) }, (_, index) => ({
		kind: 'descriptor',
		fd: FIRST_INHERITED + index,
	}));
}
