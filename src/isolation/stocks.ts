/** What is made ahead for instances: one stock for all that see the same files of the host. */
import { type HostVariables, hostVariables } from '../contract/environment.ts';
import type { SandboxSettings } from '../contract/sandbox-settings.ts';
import { zygoteCommand } from '../process/launch-spec.ts';
import type { Cgroups } from './cgroup.ts';
import { bornEnvironment, zygoteScript } from './init-script.ts';
import { placeProgram } from './place-edge.ts';
import { PlaceStock, type StockedPlace } from './place-stock.ts';
import { placeZygotes } from './place-zygotes.ts';
import { PROCESS_LIMITS } from './process-usage-limits.ts';
import { proxyOf } from './proxy-of.ts';
import { planRoot } from './root-plan.ts';
import type { ThreadClient } from './thread-client.ts';
import type { PlaceTools } from './thread-protocol.ts';
import type { ZygoteStock } from './zygote-stock.ts';

type VisibleFiles = Pick<SandboxSettings, 'expose' | 'hide'>;

export interface StocksOptions {
	readonly tools: PlaceTools;
	readonly privileged: boolean;
	readonly thread: ThreadClient;
	readonly cgroups: Cgroups | null;
	/** Learns of engines that ended while they waited. */
	report(message: string, error: Error): void;
}

interface Pair {
	readonly places: PlaceStock;
	/** Made with the first edge function. */
	zygotes: ZygoteStock<StockedPlace> | null;
}

export class Stocks {
	readonly #options: StocksOptions;
	readonly #pairs = new Map<string, Pair>();

	constructor(options: StocksOptions) {
		this.#options = options;
	}

	places(visible: VisibleFiles, host: HostVariables): PlaceStock {
		return this.#pair(visible, host).places;
	}

	zygotes(visible: VisibleFiles, host: HostVariables): ZygoteStock<StockedPlace> {
		const pair = this.#pair(visible, host);
		const { thread, report } = this.#options;
		const script = (place: StockedPlace): string =>
			zygoteScript(zygoteCommand(placeProgram()), { ...proxyOf(place), ...place.born }, place.born);
		pair.zygotes ??= placeZygotes({ thread, places: pair.places, script, report });
		return pair.zygotes;
	}

	/** The processes of what is kept end with the thread. */
	close(): void {
		for (const { places, zygotes } of this.#pairs.values()) {
			zygotes?.close();
			places.close();
		}
		this.#pairs.clear();
	}

	#pair({ expose, hide }: VisibleFiles, host: HostVariables): Pair {
		const key = JSON.stringify([expose, hide, hostVariables(host)]);
		let pair = this.#pairs.get(key);
		if (pair === undefined) {
			const { tools, privileged, thread, cgroups } = this.#options;
			const { descriptorsMax, processesMax } = PROCESS_LIMITS;
			// As root all functions are one user, whose processes would be counted together.
			const limits = { descriptorsMax, processesMax: privileged ? null : processesMax };
			const root = planRoot({ expose, hide }, host.PATH ?? '');
			const born = bornEnvironment(host);
			const places = new PlaceStock(thread, { key, root, tools, limits, born, privileged }, cgroups);
			pair = { places, zygotes: null };
			this.#pairs.set(key, pair);
		}
		return pair;
	}
}
