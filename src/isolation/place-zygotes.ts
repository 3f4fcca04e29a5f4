/** Zygotes in places of their own. */
import type { InstanceLimits } from './cgroup.ts';
import type { PlaceStock, StockedPlace } from './place-stock.ts';
import type { ThreadClient } from './thread-client.ts';
import { ENGINE, ZygoteStock } from './zygote-stock.ts';

/** Each has 10 to 20 MB of memory that it does not share. */
const COUNTS = { least: 2, most: 4, rush: 8 };
/** An engine that has not loaded by then never will. */
const LOAD_MS_MAX = 20_000;

export interface PlaceZygoteOptions {
	readonly thread: ThreadClient;
	/** Where places come from. */
	readonly places: Pick<PlaceStock, 'make' | 'end' | 'discard'>;
	/** Makes an engine of the shell that waits in this place. */
	script(place: StockedPlace): string;
	report(message: string, error: Error): void;
}

/** What is kept ends with the thread. */
export function placeZygotes(options: PlaceZygoteOptions): ZygoteStock<StockedPlace> {
	return new ZygoteStock<StockedPlace>({
		counts: COUNTS,
		named: ENGINE,
		make: (limits) => make(options, limits),
		discard: (place) => void options.places.discard(place),
		report: (message, error) => options.report(message, error),
	});
}

/** The engine loads in the group that its instance will be held by: what it takes is the instance's from the beginning. */
async function make(
	{ thread, places, script }: PlaceZygoteOptions,
	limits: InstanceLimits | null,
): Promise<StockedPlace> {
	const place = await places.make(limits);
	const { id } = place;
	const patience = setTimeout(() => void thread.call('kill', { id }).catch(() => {}), LOAD_MS_MAX);
	try {
		await thread.call('load', { id, script: script(place) });
		return place;
	} catch (error) {
		await places.end(place);
		throw error;
	} finally {
		clearTimeout(patience);
	}
}
