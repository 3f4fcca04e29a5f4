import type { AddressBlock } from '../base/address-block.ts';
import type { ListenPoint } from '../gateway/gateway.ts';
import type { TlsSettings } from '../gateway/tls-certificates.ts';
import { type AccessLogSettings, accessLogSettings, type LogReader } from './access-log-fields.ts';
import type { Mistake } from './config-error.ts';
import type { GivenValue } from './given-value.ts';
import { listenPoints } from './listen-points.ts';
import { addressBlocks } from './network-fields.ts';
import { type OverloadSettings, overloadSettings } from './overload-fields.ts';
import { pidFilePath } from './process-fields.ts';
import type { SettingValues } from './schema.ts';
import { tlsSettings } from './tls-fields.ts';
import { workerCount } from './worker-fields.ts';

/** What concerns httpfn itself, however many functions it serves. */
export interface HostSettings {
	/** At least one. */
	readonly listen: readonly ListenPoint[];
	/** Null: no point is secure. */
	readonly tls: TlsSettings | null;
	/** Whose word on where a request came from is taken. */
	readonly trustedProxies: readonly AddressBlock[];
	/** Who says by the PROXY protocol whose connection it is. */
	readonly proxyProtocol: readonly AddressBlock[];
	readonly isolation: 'auto' | 'namespace' | 'direct';
	/** Processes that take requests; 1: this one. */
	readonly workers: number;
	/** What is refused because there is too much of it. */
	readonly limits: OverloadSettings;
	/** Requests of all functions that wait at a time. */
	readonly queuedMax: number;
	/** Absolute path of the file that holds the number of this process; null: there is none. */
	readonly pidFile: string | null;
	/** Null: requests are not recorded. */
	readonly accessLog: AccessLogSettings | null;
	readonly logFormat: 'auto' | 'text' | 'json';
	readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** From judged values, and where they were given; it is good for nothing where it adds a mistake. */
export function hostSettings(
	values: SettingValues,
	given: ReadonlyMap<string, GivenValue>,
	environment: Readonly<Record<string, string>>,
	mistakes: Mistake[],
	reader?: LogReader,
): HostSettings {
	const { isolation, logFormat, logLevel } = values;
	const tls = tlsSettings(values, given, mistakes);
	const at = { certified: tls !== null, environment, given: given.get('listen') };
	const listen = listenPoints(values.listen, at, mistakes);
	return {
		listen,
		tls,
		trustedProxies: addressBlocks(values.trustedProxies) ?? [],
		proxyProtocol: addressBlocks(values.proxyProtocol) ?? [],
		workers: workerCount(values.workers),
		limits: overloadSettings(values),
		queuedMax: values.queuedMax,
		pidFile: pidFilePath(values.pidFile, given.get('pidFile')),
		accessLog: accessLogSettings(values, given.get('accessLog'), reader),
		isolation,
		logFormat,
		logLevel,
	};
}

/** What no function may see of it. */
export function secretFiles({ tls }: Pick<HostSettings, 'tls'>): readonly string[] {
	return tls === null ? [] : tls.certificates.map(({ key }) => key);
}
