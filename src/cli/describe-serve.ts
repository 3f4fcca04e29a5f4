import { pointUrl } from '../config/listen-points.ts';
import type { PlannedRoute, ServeSettings } from '../config/serve-settings.ts';

/** What a config file says, for `serve --check`: lines for a person, or one JSON object. No variable and no credential is shown. */
export function describeServe(settings: ServeSettings, json: boolean): string {
	const { configPath, isolation, listen, plans, routes } = settings;
	const functions = [...plans].map(([key, { function: fn, scaling }]) => ({
		function: key,
		version: fn.version,
		code: fn.codeRoot,
		memoryMb: fn.memoryMb,
		timeoutSeconds: fn.timeoutSeconds,
		concurrency: scaling.instancesMax,
		reserved: scaling.reserved.count,
	}));
	const url = listen.map(pointUrl).join(', ');
	if (json)
		return `${JSON.stringify({ ok: true, config: configPath, listen: url, isolation, functions, routes })}\n`;
	const lines = functions.map(
		({ function: key, code, memoryMb, timeoutSeconds }) =>
			`  ${key}  ${code}  ${memoryMb} MB, ${timeoutSeconds} s`,
	);
	return `OK: ${configPath}, ${url}, isolation ${isolation}\n${[...lines, ...routes.map(routeLine)].join('\n')}\n`;
}

function routeLine({ host, path, match, method, plan }: PlannedRoute): string {
	const below = match === 'prefix' ? ' and below' : '';
	return `  ${method ?? 'any method'} ${host ?? 'any host'} ${path}${below} -> ${plan}`;
}
