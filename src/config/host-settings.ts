import { type ListenAddress, parseListenAddress } from './listen-address.ts';
import type { SettingValues } from './schema.ts';

/** What concerns httpfn itself, however many functions it serves. */
export interface HostSettings {
	readonly listen: ListenAddress;
	readonly isolation: 'auto' | 'namespace' | 'direct';
	readonly logFormat: 'auto' | 'text' | 'json';
	readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** From judged values. */
export function hostSettings(
	values: Pick<SettingValues, 'isolation' | 'listen' | 'logFormat' | 'logLevel'>,
): HostSettings {
	const listen = parseListenAddress(values.listen);
	if (listen === null) throw new Error('the schema lets only listen addresses pass');
	const { isolation, logFormat, logLevel } = values;
	return { listen, isolation, logFormat, logLevel };
}
