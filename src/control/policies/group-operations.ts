/** Groups of APIs, which are there by their triggers, and the domain names that lead to them. */
import * as z from 'zod/mini';
import type { DomainRecord } from '../../catalog/domain-store.ts';
import type { TriggerRecord } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { chosen, GATEWAY, listOf, listSchema, namedQuery } from '../gateway-lists.ts';
import { newGatewayId } from '../new-gateway-id.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { timeText } from '../time-text.ts';
import { everyTrigger } from '../triggers/every-trigger.ts';
import { domainName } from './domain-name.ts';

const ALL = `${GATEWAY}/api-groups`;
const ONE = `${ALL}/{group_id}`;

interface Group {
	readonly id: string;
	readonly name: string;
	readonly triggers: readonly TriggerRecord[];
}

export const GROUP_OPERATIONS: readonly Operation[] = [
	{
		id: 'listApiGroupsV2',
		method: 'GET',
		path: ALL,
		summary: 'List the groups that triggers are in.',
		right: 'read',
		query: namedQuery,
		answer: { status: 200, schema: () => listSchema('groups', groupSchema()) },
		run: list,
	},
	{
		id: 'showDetailsOfApiGroupV2',
		method: 'GET',
		path: ONE,
		summary: 'Show a group and the domain names that lead to it.',
		right: 'read',
		answer: { status: 200, schema: groupSchema },
		run: (call) => ({ body: shown(call, groupOf(call)) }),
	},
	{
		id: 'associateDomainV2',
		method: 'POST',
		path: `${ONE}/domains`,
		summary: 'Have a domain name lead to a group.',
		right: 'deploy',
		body: () => z.looseObject({ url_domain: z.string() }),
		answer: { status: 201, schema: () => z.looseObject({ id: z.string(), url_domain: z.string() }) },
		run: add,
	},
	{
		id: 'disassociateDomainV2',
		method: 'DELETE',
		path: `${ONE}/domains/{domain_id}`,
		summary: 'Take a domain name from a group.',
		right: 'deploy',
		answer: { status: 204 },
		run: remove,
	},
];

function groupSchema() {
	return z.object({
		id: z.string(),
		name: z.string(),
		status: z.literal(1),
		sl_domain: z.string(),
		sl_domains: z.array(z.string()),
		register_time: z.string(),
		update_time: z.string(),
		on_sell_status: z.literal(2),
		url_domains: z.array(z.looseObject({ id: z.string(), domain: z.string() })),
		remark: z.string(),
	});
}

async function list(call: Call): Promise<Answer> {
	const every = await everyTrigger(call.context.catalog, call.parameters.project_id ?? '');
	const byGroup = Map.groupBy(
		every.map(({ trigger }) => trigger),
		({ groupId }) => groupId,
	);
	const groups = [...byGroup].map(([id, triggers]) => ({ id, name: nameOf(triggers), triggers }));
	return { body: listOf('groups', chosen(groups, call.query), call.query, (one) => shown(call, one)) };
}

/** Throws ERR_GROUP_NOT_FOUND, also where its triggers are those of another project. */
function groupOf({ context, parameters }: Call): Group {
	const { group_id: id = '', project_id: project } = parameters;
	const { functions, triggers } = context.catalog;
	const found = triggers
		.ofGroup(id)
		.filter(({ functionId }) => functions.byId(functionId)?.project === project);
	if (found.length === 0) throw new RuntimeError('ERR_GROUP_NOT_FOUND', 'no trigger is in such a group');
	return { id, name: nameOf(found), triggers: found };
}

function nameOf([first]: readonly TriggerRecord[]): string {
	return String(first?.eventData.group_name ?? '');
}

/** Throws ERR_GROUP_NOT_FOUND, ERR_BODY_INVALID, ERR_DOMAIN_EXISTS. */
function add(call: Call): Answer {
	const { id: groupId } = groupOf(call);
	const { url_domain: given } = call.body as { readonly url_domain: string };
	const name = domainName(given);
	if (name === null) {
		const message = `url_domain: found ${JSON.stringify(given.slice(0, 300))}; wanted a name such as api.example.com or *.example.com that is not the gateway's own`;
		throw new RuntimeError('ERR_BODY_INVALID', message);
	}
	const project = call.parameters.project_id ?? '';
	const made = call.context.catalog.domains.add({ id: newGatewayId(), project, groupId, name });
	return { body: { ...shownDomain(made), url_domain: name, status: 3, min_ssl_version: 'TLSv1.2' } };
}

/** Throws ERR_DOMAIN_NOT_FOUND. */
function remove(call: Call): Answer {
	const { domains } = call.context.catalog;
	const { id } = groupOf(call);
	const found = domains.ofGroup(id).find((domain) => domain.id === call.parameters.domain_id);
	if (found === undefined)
		throw new RuntimeError('ERR_DOMAIN_NOT_FOUND', 'the group has no such domain name');
	domains.remove(found.id);
	return {};
}

function shown({ context }: Call, { id, name, triggers }: Group) {
	const made = Math.min(...triggers.map(({ createdMs }) => createdMs));
	const modified = Math.max(...triggers.map(({ modifiedMs }) => modifiedMs));
	const own = `${id}.localhost`;
	return {
		id,
		name,
		status: 1 as const,
		sl_domain: own,
		sl_domains: [own],
		register_time: timeText(made),
		update_time: timeText(modified),
		on_sell_status: 2 as const,
		url_domains: context.catalog.domains.ofGroup(id).map(shownDomain),
		remark: '',
	};
}

/** There is nothing that a name would have to point to: whoever reaches this gateway by it is served. */
function shownDomain({ id, name }: DomainRecord) {
	return { id, domain: name, cname_status: 1, ssl_id: '', ssl_name: '', min_ssl_version: 'TLSv1.2' };
}
