import type { FunctionSettings } from '../contract/function-settings.ts';
import type { ListenAddress } from './listen-address.ts';

/** Everything that one function's server, log and isolation are made from. */
export interface RunSettings {
	readonly function: FunctionSettings;
	readonly listen: ListenAddress;
	readonly isolation: 'auto' | 'namespace' | 'direct';
	/** Start the function at once, not with the first request. */
	readonly eager: boolean;
	readonly logFormat: 'auto' | 'text' | 'json';
	readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
	/** The config file that was read; null where there was none. */
	readonly configPath: string | null;
}
