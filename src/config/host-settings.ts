import type { AddressBlock } from '../base/address-block.ts';
import { type AccessLogSettings, accessLogSettings } from './access-log-fields.ts';
import type { GivenValue } from './given-value.ts';
import { type ListenAddress, parseListenAddress } from './listen-address.ts';
import { addressBlocks } from './network-fields.ts';
import type { SettingValues } from './schema.ts';

/** What concerns httpfn itself, however many functions it serves. */
export interface HostSettings {
	readonly listen: ListenAddress;
	/** Whose word on where a request came from is taken. */
	readonly trustedProxies: readonly AddressBlock[];
	readonly isolation: 'auto' | 'namespace' | 'direct';
	/** Null: requests are not recorded. */
	readonly accessLog: AccessLogSettings | null;
	readonly logFormat: 'auto' | 'text' | 'json';
	readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** From judged values, and where they were given. */
export function hostSettings(
	values: Pick<
		SettingValues,
		'accessLog' | 'accessLogFormat' | 'isolation' | 'listen' | 'logFormat' | 'logLevel' | 'trustedProxies'
	>,
	given: ReadonlyMap<string, GivenValue>,
): HostSettings {
	const listen = parseListenAddress(values.listen);
	if (listen === null) throw new Error('the schema lets only listen addresses pass');
	const { isolation, logFormat, logLevel } = values;
	const accessLog = accessLogSettings(values, given.get('accessLog'));
	return {
		listen,
		accessLog,
		trustedProxies: addressBlocks(values.trustedProxies) ?? [],
		isolation,
		logFormat,
		logLevel,
	};
}
