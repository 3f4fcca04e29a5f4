import type { HostSettings } from '../config/host-settings.ts';
import { listenUrl } from '../config/listen-address.ts';
import { pointUrl } from '../config/listen-points.ts';
import type { ServeSettings } from '../config/serve-settings.ts';
import { RuntimeError } from '../contract/errors.ts';

type Judged = HostSettings & Pick<ServeSettings, 'control'>;

/** A listener that moved would drop its clients, and instances that changed their isolation would share nothing: both need a new start. */
export function judgeHostChanges(running: Judged, wanted: Judged): void {
	const changes: string[] = [];
	const compare = (name: string, text: (settings: Judged) => string) => {
		const [from, to] = [text(running), text(wanted)];
		if (from !== to) changes.push(`${name} from ${from} to ${to}`);
	};
	compare('listen', ({ listen }) => listen.map(pointUrl).join(','));
	compare('tls', ({ tls }) => JSON.stringify(tls));
	compare('control', ({ control }) => (control === null ? 'none' : listenUrl(control.listen)));
	compare('state', ({ control }) => control?.stateFolder ?? 'none');
	compare('trustedProxies', ({ trustedProxies }) => JSON.stringify(trustedProxies));
	compare('proxyProtocol', ({ proxyProtocol }) => JSON.stringify(proxyProtocol));
	compare('workers', ({ workers }) => String(workers));
	compare('limits', ({ limits, queuedMax }) => JSON.stringify({ ...limits, queuedMax }));
	compare('isolation', ({ isolation }) => isolation);
	compare('pidFile', ({ pidFile }) => pidFile ?? 'none');
	compare('accessLog', ({ accessLog }) => String(accessLog?.to ?? 'off'));
	compare('accessLogFormat', ({ accessLog }) => accessLog?.format ?? 'none');
	compare('logFormat', ({ logFormat }) => logFormat);
	compare('logLevel', ({ logLevel }) => logLevel);
	if (changes.length === 0) return;
	const problem = `Could not reload: found a change of ${changes.join(' and of ')}`;
	throw new RuntimeError('ERR_RELOAD_FAILED', `${problem}; wanted none, or a new start of httpfn`);
}
