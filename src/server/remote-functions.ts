/** The functions of the catalog in a worker: what the gateway needs of each version, read when its first request comes; their instances are the owner's. */
import { monotonicMs } from '../base/clock.ts';
import { SweepMark } from '../base/sweep-mark.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Sealer } from '../catalog/sealer.ts';
import { FunctionTarget } from '../gateway/function-target.ts';
import type { CatalogHost } from '../workers/catalog-host.ts';
import type { RemoteSource } from '../workers/remote-source.ts';
import { planOfRevision } from './plan-of-revision.ts';
import { revisionOf } from './revision-of.ts';

export interface RemoteFunctionsOptions {
	readonly catalog: Pick<Catalog, 'functions' | 'revisions'>;
	readonly sealer: Pick<Sealer, 'open'>;
	readonly region: string;
	readonly host: Pick<CatalogHost, 'source' | 'remove' | 'log' | 'observer'>;
}

interface Known {
	readonly functionId: number;
	readonly source: RemoteSource;
	readonly target: FunctionTarget;
	usedMs: number;
}

/** Known versions from which those that are not used are looked for. */
const KNOWN_MIN = 64;
const UNUSED_MS = 60_000;

export class RemoteFunctions {
	#generation = 0;
	readonly #options: RemoteFunctionsOptions;
	readonly #known = new Map<string, Known>();
	readonly #mark = new SweepMark(KNOWN_MIN);

	constructor(options: RemoteFunctionsOptions) {
		this.#options = options;
	}

	/** Grows with every change: what was found before may be different now. */
	get generation(): number {
		return this.#generation;
	}

	/** Throws ERR_FUNCTION_NOT_FOUND, ERR_VERSION_NOT_FOUND. */
	target(functionId: number, version: string): FunctionTarget {
		const key = `${functionId}:${version}`;
		const known = this.#known.get(key) ?? this.#read(functionId, version, key);
		known.usedMs = monotonicMs();
		return known.target;
	}

	/** Requests that came before go on with what they have. */
	changed(functionId: number): void {
		this.#generation += 1;
		for (const [key, known] of this.#known) if (known.functionId === functionId) this.#forget(key, known);
	}

	#read(functionId: number, version: string, key: string): Known {
		if (this.#mark.isReached(this.#known.size)) this.#sweep();
		const { catalog, sealer, region, host } = this.#options;
		const { owner, revision } = revisionOf(catalog, functionId, version);
		// Where its code is, and how it is run, is the owner's business.
		const elsewhere = { codeRoot: '', hide: [], reserved: null };
		const plan = planOfRevision({ function: owner, revision, region, sealer, ...elsewhere });
		const of = { functionId, version };
		const source = host.source(of);
		const parts = { source, log: host.log(of), observer: host.observer(of) };
		const target = new FunctionTarget({ settings: plan.function, ...parts });
		const known = { functionId, source, target, usedMs: 0 };
		this.#known.set(key, known);
		return known;
	}

	#forget(key: string, { source }: Known): void {
		this.#known.delete(key);
		this.#options.host.remove(source);
	}

	/** Forgets what nobody uses, and has no instance. */
	#sweep(): void {
		const before = monotonicMs() - UNUSED_MS;
		for (const [key, known] of this.#known)
			if (known.usedMs < before && known.target.instanceCount === 0) this.#forget(key, known);
		this.#mark.swept(this.#known.size);
	}
}
