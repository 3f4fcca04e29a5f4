import type { RequestSource } from './runtime.ts';

/**
 * The address that a request came from, '' where nobody says. Servers hand over what they have as a second argument, each in its way;
 * what is none of these is not for us: some frameworks hand over variables there.
 */
export function sourceOf(request: Request, source: RequestSource | undefined): string {
	if (typeof source !== 'object' || source === null) return '';
	if ('requestIP' in source && typeof source.requestIP === 'function') {
		return source.requestIP(request)?.address ?? '';
	}
	if ('remoteAddr' in source && typeof source.remoteAddr === 'object') {
		const hostname: unknown = Reflect.get(source.remoteAddr, 'hostname');
		return typeof hostname === 'string' ? hostname : '';
	}
	if ('remoteAddress' in source && typeof source.remoteAddress === 'string') return source.remoteAddress;
	return '';
}
