/** A pool over servers of the test's own. */
import type { ScalingSettings } from '../../src/contract/scaling-settings.ts';
import { InstancePool } from '../../src/pool/instance-pool.ts';
import type { LeasedInstance } from '../../src/pool/instance-source.ts';
import type { PoolOptions } from '../../src/pool/pool-options.ts';
import { SETTINGS } from '../contract/settings-fixture.ts';
import { PortIsolation } from '../harness/port-isolation.ts';
import { RecordingLog } from '../process/support.ts';

export interface PoolBed extends AsyncDisposable {
	readonly pool: InstancePool;
	readonly isolation: PortIsolation;
	readonly log: RecordingLog;
	/** A place, waited for. */
	place(requestId: string): Promise<LeasedInstance>;
}

export const SCALING: ScalingSettings = {
	instancesMax: 400,
	requestsPerInstanceMax: 1,
	idleSeconds: 60,
	idle: 'run',
	queueMax: 1000,
	queueSeconds: 10,
	reserved: { count: 0, tactics: [] },
};

export function poolBed(
	scaling: Partial<ScalingSettings> = {},
	options: Partial<PoolOptions> & { readonly isolation?: PortIsolation } = {},
): PoolBed {
	const isolation = options.isolation ?? new PortIsolation();
	const log = new RecordingLog();
	const pool = new InstancePool({
		settings: { ...SETTINGS, initTimeoutSeconds: 20 },
		sandbox: {
			tmpMb: 512,
			egress: { mode: 'open', allow: [], publicSource: null, disablePublicNetwork: false },
			interpreters: {},
			expose: [],
			hide: [],
		},
		scaling: { ...SCALING, ...scaling },
		hostEnvironment: {},
		log,
		...options,
		isolation,
	});
	const place = async (requestId: string): Promise<LeasedInstance> =>
		pool.take(requestId) ?? (await pool.wait(requestId).place);
	return { pool, isolation, log, place, [Symbol.asyncDispose]: () => pool.stop() };
}

/** The code with which waiting was refused. */
export async function refusal(place: Promise<unknown>): Promise<string> {
	try {
		await place;
		return 'none';
	} catch (error) {
		return (error as { code?: string }).code ?? String(error);
	}
}
