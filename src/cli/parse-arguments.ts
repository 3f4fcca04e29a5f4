/** The words after a command's name, judged against the options that the command declares. */
import { type Mistake, usageMistake } from '../config/config-error.ts';
import { nearestName } from '../config/nearest-name.ts';
import type { FieldKey } from '../config/schema.ts';
import type { Command, CommandOption } from './command.ts';
import type { ParsedArguments } from './parsed-arguments.ts';

type Syntax = Pick<Command, 'name' | 'options' | 'parameters'>;

export function parseArguments(command: Syntax, argv: readonly string[]): ParsedArguments {
	const parser = new ArgumentParser(command, argv);
	parser.parse();
	return parser;
}

class ArgumentParser implements ParsedArguments {
	readonly parameters: string[] = [];
	readonly options = new Map<string, string[]>();
	readonly settings = new Map<FieldKey, string[]>();
	readonly mistakes: Mistake[] = [];
	readonly #command: Syntax;
	readonly #words: string[];
	/** An unknown option may have left its value behind: a word too many is then no second mistake. */
	#valueAstray = false;

	constructor(command: Syntax, argv: readonly string[]) {
		this.#command = command;
		this.#words = [...argv];
	}

	parse(): void {
		let onlyParameters = false;
		for (let word = this.#words.shift(); word !== undefined; word = this.#words.shift()) {
			if (onlyParameters || word === '-' || !word.startsWith('-')) this.#takeParameter(word);
			else if (word === '--') onlyParameters = true;
			else this.#takeOption(word);
		}
		const { parameters, name } = this.#command;
		for (const missing of parameters.slice(this.parameters.length).filter(({ required }) => required)) {
			const wanted = parameters.filter(({ required }) => required).map((parameter) => parameter.name);
			this.#wrong(missing.name, `missing, wanted: httpfn ${name} ${wanted.join(' ')}`);
		}
	}

	#takeParameter(word: string): void {
		const { parameters, name } = this.#command;
		const parameter = parameters[this.parameters.length];
		if (parameter !== undefined) {
			this.parameters.push(word);
			const { choices } = parameter;
			if (choices === undefined || choices.includes(word)) return;
			this.#wrong(parameter.name, `found ${JSON.stringify(word)}, wanted one of ${choices.join(', ')}`);
		} else if (!this.#valueAstray) {
			const names = parameters.map((known) => known.name).join(' ');
			const taken = parameters.length > 1 ? `${names} only` : `one ${names}`;
			this.#wrong(word, `unexpected word; httpfn ${name} takes ${names === '' ? 'options only' : taken}`);
		}
	}

	#takeOption(word: string): void {
		const equals = word.indexOf('=');
		const flag = equals === -1 ? word : word.slice(0, equals);
		const given = equals === -1 ? null : word.slice(equals + 1);
		const option = this.#command.options.find((known) => known.flag === flag || known.short === flag);
		if (option !== undefined) {
			if (option.placeholder === '') this.#takeSwitch(option, given);
			else this.#takeValue(option, given);
			return;
		}
		const negated = this.#command.options.find(
			(known) => known.negatable && `--no-${known.flag.slice(2)}` === flag,
		);
		if (negated === undefined) this.#unknown(flag, given);
		else if (given !== null) this.#wrong(flag, `found "=${given}", wanted no value`);
		else this.#record(negated, 'false');
	}

	#takeSwitch(option: CommandOption, given: string | null): void {
		if (given !== null && !option.negatable) this.#wrong(option.flag, `found "=${given}", wanted no value`);
		else this.#record(option, given ?? 'true');
	}

	#takeValue(option: CommandOption, given: string | null): void {
		const next = this.#words[0];
		// A word that is an option of this command is a forgotten value, not a value.
		const usable = next !== undefined && !this.#isOption(next);
		const value = given ?? (usable ? this.#words.shift() : undefined);
		if (value === undefined) this.#wrong(option.flag, `no value, wanted ${option.placeholder}`);
		else this.#record(option, value);
	}

	#record(option: CommandOption, text: string): void {
		const texts = this.options.get(option.flag) ?? [];
		if (texts.length > 0 && !option.repeatable) this.#wrong(option.flag, 'given more than once, wanted once');
		texts.push(text);
		this.options.set(option.flag, texts);
		const { choices } = option;
		if (choices !== undefined && !choices.includes(text)) {
			this.#wrong(option.flag, `found ${JSON.stringify(text)}, wanted one of ${choices.join(', ')}`);
		}
		if (option.field !== null) this.settings.set(option.field, texts);
	}

	#unknown(flag: string, given: string | null): void {
		const flags = this.#command.options.map((option) => option.flag);
		const nearest = nearestName(flag, flags);
		this.#wrong(flag, `unknown option; ${nearest === null ? 'see --help' : `nearest is ${nearest}`}`);
		if (given === null) this.#valueAstray = true;
	}

	#isOption(word: string): boolean {
		if (!word.startsWith('-')) return false;
		const [flag] = word.split('=', 1);
		return this.#command.options.some((option) => option.flag === flag || option.short === flag);
	}

	#wrong(source: string, problem: string): void {
		this.mistakes.push(usageMistake(source, problem));
	}
}
