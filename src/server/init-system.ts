import fs from 'node:fs';
import path from 'node:path';

export const INIT_SYSTEMS = ['systemd', 'openrc'] as const;
export type InitSystem = (typeof INIT_SYSTEMS)[number];

/** What shows that one runs, or on an image below a root that one is there to run. */
const SIGNS = {
	systemd: { runs: '/run/systemd/system', there: ['/usr/lib/systemd/systemd', '/lib/systemd/systemd'] },
	openrc: { runs: '/run/openrc', there: ['/sbin/openrc-run', '/usr/sbin/openrc-run'] },
} as const satisfies Record<InitSystem, object>;

/** What starts services below `root`; null where neither is found, or both are and none runs. */
export function initSystem(root: string): InitSystem | null {
	const exists = (file: string) => fs.existsSync(path.join(root, file));
	const running = INIT_SYSTEMS.filter((name) => exists(SIGNS[name].runs));
	const there = INIT_SYSTEMS.filter((name) => SIGNS[name].there.some(exists));
	const [found = null, second] = running.length > 0 ? running : there;
	return second === undefined ? found : null;
}
