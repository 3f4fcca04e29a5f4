import { type Mistake, valueMistake } from '../config/config-error.ts';
import { isListenText, listenPoints } from '../config/listen-points.ts';
import { FIELDS } from '../config/schema.ts';
import { placeText } from '../gateway/place-text.ts';

export interface SocketPlaces {
	/** As ListenStream= has them. */
	readonly places: readonly string[];
	/** What httpfn is told instead. */
	readonly listen: string;
}

/** Where the service manager is to listen instead of httpfn: what `--listen` says. */
export function socketPlaces(text: string = FIELDS.listen.fallback, mistakes: Mistake[]): SocketPlaces {
	if (!isListenText(text)) return { places: [], listen: '' };
	const schemes = new Set(text.split(',').map((part) => /^\s*(https?:\/\/)?/.exec(part)?.[1] ?? ''));
	if (schemes.size > 1)
		mistakes.push(
			valueMistake(
				'--listen',
				'found http:// and https:// with --socket, wanted one for all: nobody tells sockets apart that are handed over',
			),
		);
	const points = listenPoints(text, { certified: true, environment: {}, given: undefined }, []);
	const places = points.flatMap(({ at }) => {
		if (at.kind === 'unix') return [at.path];
		// A unit has no names.
		if (at.kind === 'tcp' && at.port > 0)
			return [placeText({ ...at, host: at.host === 'localhost' ? '127.0.0.1' : at.host })];
		mistakes.push(
			valueMistake(
				'--listen',
				`found ${placeText(at)} with --socket, wanted an address with a port, or unix:/PATH`,
			),
		);
		return [];
	});
	if (text.includes('systemd'))
		mistakes.push(
			valueMistake(
				'--listen',
				'found systemd with --socket, wanted the places that the socket unit is to have',
			),
		);
	return { places, listen: `${[...schemes][0] ?? ''}systemd` };
}
