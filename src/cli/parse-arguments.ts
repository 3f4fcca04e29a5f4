/** The words after a command's name, judged against the options that the command declares. */
import { type Mistake, usageMistake } from '../config/config-error.ts';
import { nearestName } from '../config/nearest-name.ts';
import type { FieldKey } from '../config/schema.ts';
import type { Command, CommandOption } from './command.ts';
import type { ParsedArguments } from './parsed-arguments.ts';

export function parseArguments(
	command: Pick<Command, 'name' | 'options' | 'parameter'>,
	argv: readonly string[],
): ParsedArguments {
	const parser = new ArgumentParser(command, argv);
	parser.parse();
	return parser;
}

class ArgumentParser implements ParsedArguments {
	parameter: string | null = null;
	readonly options = new Map<string, string[]>();
	readonly settings = new Map<FieldKey, string[]>();
	readonly mistakes: Mistake[] = [];
	readonly #command: Pick<Command, 'name' | 'options' | 'parameter'>;
	readonly #words: string[];
	/** An unknown option may have left its value behind: a word too many is then no second mistake. */
	#valueAstray = false;

	constructor(command: Pick<Command, 'name' | 'options' | 'parameter'>, argv: readonly string[]) {
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
		const { parameter, name } = this.#command;
		if (this.parameter === null && parameter?.required === true) {
			this.#wrong(parameter.name, `missing, wanted: httpfn ${name} ${parameter.name}`);
		}
	}

	#takeParameter(word: string): void {
		const { parameter, name } = this.#command;
		if (this.#valueAstray && (parameter === null || this.parameter !== null)) return;
		if (parameter === null) {
			this.#wrong(word, `unexpected word; httpfn ${name} takes options only`);
		} else if (this.parameter !== null) {
			this.#wrong(word, `unexpected word; httpfn ${name} takes one ${parameter.name}`);
		} else {
			this.parameter = word;
		}
	}

	#takeOption(word: string): void {
		const equals = word.indexOf('=');
		const flag = equals === -1 ? word : word.slice(0, equals);
		const given = equals === -1 ? null : word.slice(equals + 1);
		const option = this.#command.options.find((known) => known.flag === flag);
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
		if (option.field !== null) this.settings.set(option.field, texts);
	}

	#unknown(flag: string, given: string | null): void {
		const flags = this.#command.options.map((option) => option.flag);
		const nearest = nearestName(flag, flags);
		this.#wrong(flag, `unknown option; ${nearest === null ? 'see --help' : `nearest is ${nearest}`}`);
		if (given === null) this.#valueAstray = true;
	}

	#isOption(word: string): boolean {
		if (!word.startsWith('--')) return false;
		const [flag] = word.split('=', 1);
		return this.#command.options.some((option) => option.flag === flag);
	}

	#wrong(source: string, problem: string): void {
		this.mistakes.push(usageMistake(source, problem));
	}
}
