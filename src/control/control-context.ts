/** What every operation of the control plane works with. */
import type { Catalog } from '../catalog/catalog.ts';
import type { CodePackages } from '../catalog/code-packages.ts';
import type { Sealer } from '../catalog/sealer.ts';
import type { RecentLines } from '../telemetry/recent-lines.ts';
import type { Invoker } from './invoker.ts';

export interface ControlContext {
	readonly catalog: Catalog;
	readonly packages: CodePackages;
	readonly sealer: Sealer;
	readonly invoker: Invoker;
	readonly lines: RecentLines;
	/** What URNs begin with: `urn:fss:<region>`. */
	readonly region: string;
	/** Where triggers answer, as a client on this machine writes it: `http://127.0.0.1:8080`. */
	gatewayUrl(): string;
	/** Milliseconds since 1970. */
	now(): number;
}
