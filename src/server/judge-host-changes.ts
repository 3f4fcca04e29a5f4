import type { HostSettings } from '../config/host-settings.ts';
import { RuntimeError } from '../contract/errors.ts';

/** A listener that moved would drop its clients, and instances that changed their isolation would share nothing: both need a new start. */
export function judgeHostChanges(running: HostSettings, wanted: HostSettings): void {
	const address = ({ listen: { host, port } }: HostSettings) => `${host}:${port}`;
	const changes: string[] = [];
	const compare = (name: string, from: string, to: string) => {
		if (from !== to) changes.push(`${name} from ${from} to ${to}`);
	};
	compare('listen', address(running), address(wanted));
	compare('isolation', running.isolation, wanted.isolation);
	compare('logFormat', running.logFormat, wanted.logFormat);
	compare('logLevel', running.logLevel, wanted.logLevel);
	if (changes.length === 0) return;
	const problem = `Could not reload: found a change of ${changes.join(' and of ')}`;
	throw new RuntimeError('ERR_RELOAD_FAILED', `${problem}; wanted none, or a new start of httpfn serve`);
}
