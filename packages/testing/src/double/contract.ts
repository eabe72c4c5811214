/** Types of a double: its contract, and the methods that tests control it by. */

export type AnyFunction = (...args: never[]) => unknown;
/** Names of a contract's functions. */
export type FunctionName<C> = { [N in keyof C]-?: C[N] extends AnyFunction | undefined ? N : never }[keyof C];
type Inputs<F> = Extract<F, AnyFunction> extends (...args: infer A) => unknown ? A : never;
type Output<F> = Extract<F, AnyFunction> extends (...args: never[]) => infer R ? R : never;

export interface ExpectOptions {
  /** Calls that have to come, default 1. With 0 none may, or none after those that are expected already. */
  readonly times?: number;
}

/** Methods of a double. They are for the test that runs, and outside of tests for all of them. */
interface ContractControl<C> {
  // Compilers tell of the last overload that does not fit: most mistakes are in the function.
  expect(name: FunctionName<C>, options: { readonly times: 0 }): DoubleControl<C>;
  /** Expects calls, after those of the name that are expected already. Replaces its stub. */
  expect<N extends FunctionName<C>>(
    name: N,
    run: NonNullable<C[N]>,
    options?: ExpectOptions,
  ): DoubleControl<C>;
  /** Answers all calls of a name, once those that are expected have come. */
  stub<N extends FunctionName<C>>(name: N, run: NonNullable<C[N]>): DoubleControl<C>;
  /** Answers all calls that are neither expected nor stubbed. Of a class, the public members are enough. */
  fallback(implementation: Pick<C, keyof C>): DoubleControl<C>;
  /** In a stub or an expectation, or in place of one: calls the fallback with the same arguments. */
  passThrough<N extends FunctionName<C>>(name: N): Output<C[N]>;
  passThrough<R>(...ignored: never[]): R;
  /** Arguments of the calls of a name that came, oldest first. */
  calls<N extends FunctionName<C>>(name: N): Inputs<C[N]>[];
  /** Fails if an expected call has not come, or an unexpected one has. Each is reported once. */
  verify(): void;
}

/** Methods of the double of a single function: without names. */
interface FunctionControl<C> extends Pick<ContractControl<C>, "verify"> {
  expect(options: { readonly times: 0 }): DoubleControl<C>;
  expect(run: C, options?: ExpectOptions): DoubleControl<C>;
  stub(run: C): DoubleControl<C>;
  fallback(implementation: C): DoubleControl<C>;
  passThrough<R = Output<C>>(...ignored: never[]): R;
  calls(): Inputs<C>[];
}

export type DoubleControl<C> = C extends AnyFunction ? FunctionControl<C> : ContractControl<C>;
/** A value of a contract's type. A name of the contract hides the control of that name, which `control()` still has. */
export type Double<C> = C & Omit<DoubleControl<C>, keyof C>;
