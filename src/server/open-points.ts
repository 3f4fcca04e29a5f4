import { pointUrl } from '../config/listen-points.ts';
import { isLoopbackHost } from '../contract/loopback-host.ts';
import type { ListenPoint } from '../gateway/gateway.ts';
import type { Log } from '../telemetry/log.ts';
import type { Front } from '../workers/front.ts';
import { listenFailure } from './listen-failure.ts';
import type { Predecessor } from './predecessor.ts';

/**
 * Listens at every point, on the socket that another process handed over where it did, and accepts. Resolves with how a client on this
 * machine writes each; rejects with ERR_LISTEN_FAILED in words.
 */
export async function openPoints(
	front: Front,
	points: readonly ListenPoint[],
	log: Log,
	predecessor: Predecessor | null = null,
): Promise<readonly string[]> {
	const urls: string[] = [];
	for (const point of points) {
		const at = predecessor?.place(point.at) ?? point.at;
		const bound = await front.listen({ ...point, at }).catch(async (error: unknown) => {
			throw await listenFailure(error, point.at);
		});
		const url = pointUrl(bound);
		urls.push(url);
		if (bound.at.kind === 'tcp' && !isLoopbackHost(bound.at.host))
			log.write('warn', 'the gateway listens beyond this machine, without authentication', { url });
	}
	await front.open();
	return urls;
}
