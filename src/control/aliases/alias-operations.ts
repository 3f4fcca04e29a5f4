/** Aliases: names that lead to a version, and some requests to another (documented: API reference, "Version Alias"). */
import * as z from 'zod/mini';
import type { AliasRecord, FunctionRecord } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { findFunction } from '../find-function.ts';
import { Mistakes } from '../models/mistakes.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { timeText } from '../time-text.ts';
import { urnOf } from '../urn-of.ts';
import {
	type AliasBody,
	aliasSchema,
	type CreateAliasBody,
	createAliasSchema,
	updateAliasSchema,
} from './alias-schemas.ts';
import { judgeAlias, judgeAliasName } from './judge-alias.ts';

const ALL = '/v2/{project_id}/fgs/functions/{function_urn}/aliases';
const ONE = `${ALL}/{alias_name}`;
/** Of one function (documented). */
const ALIASES_MAX = 10;

export const ALIAS_OPERATIONS: readonly Operation[] = [
	{
		id: 'listVersionAliases',
		method: 'GET',
		path: ALL,
		summary: 'List the aliases of a function.',
		right: 'read',
		answer: { status: 200, schema: () => z.array(aliasSchema()) },
		run: list,
	},
	{
		id: 'createVersionAlias',
		method: 'POST',
		path: ALL,
		summary: 'Create an alias of a version, and of an additional one by weight or rules.',
		right: 'deploy',
		body: createAliasSchema,
		answer: { status: 200, schema: aliasSchema },
		run: create,
	},
	{
		id: 'showVersionAlias',
		method: 'GET',
		path: ONE,
		summary: 'Show an alias.',
		right: 'read',
		answer: { status: 200, schema: aliasSchema },
		run: show,
	},
	{
		id: 'updateVersionAlias',
		method: 'PUT',
		path: ONE,
		summary: 'Point an alias to another version, or change what the additional one gets.',
		right: 'deploy',
		body: updateAliasSchema,
		answer: { status: 200, schema: aliasSchema },
		run: update,
	},
	{
		id: 'deleteVersionAlias',
		method: 'DELETE',
		path: ONE,
		summary: 'Delete an alias that no trigger is bound to.',
		right: 'deploy',
		answer: { status: 204 },
		run: remove,
	},
];

function list(call: Call): Answer {
	const { record } = findFunction(call);
	return {
		body: call.context.catalog.aliases.list(record.id).map((alias) => aliasAnswer(call, record, alias)),
	};
}

function create(call: Call): Answer {
	const { record } = findFunction(call);
	const { aliases } = call.context.catalog;
	const { name, version, ...body } = call.body as CreateAliasBody;
	const mistakes = new Mistakes();
	judgeAliasName(name, mistakes);
	const nothing = { version, description: '', weights: null, strategy: null };
	const settings = judgeAlias(nothing, body, mistakes);
	mistakes.throwAny();
	if (aliases.list(record.id).length >= ALIASES_MAX && aliases.find(record.id, name) === null) {
		const found = `${record.name} has ${ALIASES_MAX} aliases`;
		throw new RuntimeError('ERR_ALIAS_COUNT', `${found}, which is the most there may be`);
	}
	const alias = aliases.create(record.id, { name, ...settings });
	return { body: aliasAnswer(call, record, alias) };
}

function show(call: Call): Answer {
	const { record } = findFunction(call);
	return { body: aliasAnswer(call, record, named(call, record)) };
}

function update(call: Call): Answer {
	const { record } = findFunction(call);
	const before = named(call, record);
	const mistakes = new Mistakes();
	const settings = judgeAlias(before, call.body as AliasBody, mistakes);
	mistakes.throwAny();
	const alias = call.context.catalog.aliases.update(record.id, before.name, settings);
	return { body: aliasAnswer(call, record, alias) };
}

function remove(call: Call): Answer {
	const { record } = findFunction(call);
	call.context.catalog.aliases.remove(record.id, call.parameters.alias_name ?? '');
	return {};
}

function named({ context, parameters }: Call, { id }: FunctionRecord): AliasRecord {
	return context.catalog.aliases.require(id, parameters.alias_name ?? '');
}

function aliasAnswer({ context }: Call, owner: FunctionRecord, alias: AliasRecord): object {
	return {
		name: alias.name,
		version: alias.version,
		description: alias.description,
		last_modified: timeText(alias.modifiedMs),
		alias_urn: urnOf(context, owner, `!${alias.name}`),
		additional_version_weights: alias.weights,
		additional_version_strategy: alias.strategy,
	};
}
