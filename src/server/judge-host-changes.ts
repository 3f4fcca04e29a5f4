import type { ServeSettings } from '../config/serve-settings.ts';
import { RuntimeError } from '../contract/errors.ts';

type Judged = Pick<
	ServeSettings,
	'listen' | 'accessLog' | 'control' | 'isolation' | 'logFormat' | 'logLevel' | 'trustedProxies'
>;

/** A listener that moved would drop its clients, and instances that changed their isolation would share nothing: both need a new start. */
export function judgeHostChanges(running: Judged, wanted: Judged): void {
	const address = (listen: Judged['listen'] | undefined) =>
		listen ? `${listen.host}:${listen.port}` : 'none';
	const changes: string[] = [];
	const compare = (name: string, from: string, to: string) => {
		if (from !== to) changes.push(`${name} from ${from} to ${to}`);
	};
	compare('listen', address(running.listen), address(wanted.listen));
	compare('control', address(running.control?.listen), address(wanted.control?.listen));
	compare('state', running.control?.stateFolder ?? 'none', wanted.control?.stateFolder ?? 'none');
	compare('trustedProxies', JSON.stringify(running.trustedProxies), JSON.stringify(wanted.trustedProxies));
	compare('isolation', running.isolation, wanted.isolation);
	compare('accessLog', String(running.accessLog?.to ?? 'off'), String(wanted.accessLog?.to ?? 'off'));
	compare('accessLogFormat', running.accessLog?.format ?? 'none', wanted.accessLog?.format ?? 'none');
	compare('logFormat', running.logFormat, wanted.logFormat);
	compare('logLevel', running.logLevel, wanted.logLevel);
	if (changes.length === 0) return;
	const problem = `Could not reload: found a change of ${changes.join(' and of ')}`;
	throw new RuntimeError('ERR_RELOAD_FAILED', `${problem}; wanted none, or a new start of httpfn serve`);
}
