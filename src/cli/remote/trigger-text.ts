import type { TriggerAnswer } from './answers.ts';

/** What a trigger leads to: `latest`, a version, or `!` and an alias. */
export function triggerQualifier({ event_data: { func_info: info } }: TriggerAnswer): string {
	const urn = info?.function_urn?.split(':') ?? [];
	const inUrn = urn.length > 7 ? urn.slice(7).join(':') : '';
	return inUrn !== '' ? inUrn : (info?.version ?? 'latest');
}

/** `GET, POST…` and path, as a person reads them. */
export function triggerRoute({ event_data: { path, match_mode, req_method } }: TriggerAnswer): string {
	const method = req_method === 'ANY' ? 'any method' : (req_method ?? '');
	return `${method} ${path ?? ''}${match_mode === 'SWA' ? ' and below' : ''}`;
}
