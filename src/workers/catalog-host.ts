/** What a worker has for the functions of the catalog: places, and who is told of their requests. */
import type { RequestObserver } from '../gateway/request-observer.ts';
import type { Log } from '../telemetry/log.ts';
import type { DeployedVersion } from './messages.ts';
import type { OwnerLink } from './owner-link.ts';
import type { PlaceMarks } from './place-marks.ts';
import type { RemoteApis } from './remote-apis.ts';
import { RemoteLog, type RemoteSink } from './remote-log.ts';
import { RemoteSource } from './remote-source.ts';

export interface CatalogHostOptions {
	readonly owner: OwnerLink;
	readonly apis: RemoteApis;
	readonly sink: RemoteSink;
	readonly marks: PlaceMarks;
}

export class CatalogHost {
	/** What must be asked of calls. */
	readonly apis: RemoteApis;
	readonly #options: CatalogHostOptions;

	constructor(options: CatalogHostOptions) {
		this.apis = options.apis;
		this.#options = options;
	}

	/** Its places: the owner is asked who has them when the first is wanted. */
	source(of: DeployedVersion): RemoteSource {
		const { owner, marks } = this.#options;
		return new RemoteSource(of, owner, marks);
	}

	/** Only requests that have come already ask for places of it from now on. */
	remove(source: RemoteSource): void {
		this.#options.owner.remove(source);
	}

	log(of: DeployedVersion): Log {
		return new RemoteLog(this.#options.sink, of);
	}

	observer(of: DeployedVersion): RequestObserver {
		const { sink } = this.#options;
		return {
			began: (requestId) => sink.send({ kind: 'began', of, requestId }),
			ended: (requestId, { durationMs, status, error }) =>
				sink.send({ kind: 'ended', requestId, durationMs, status, code: error?.code ?? null }),
		};
	}
}
