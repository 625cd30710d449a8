/** A refusal as the service words it: error type, HTTP status, text. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** AWS's name of the error, e.g. `ValidationException`. */
    readonly type: string,
    message: string,
    readonly status = 400,
    /** Further members of the error body. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** The generic refusal of SageMaker and others. */
export function validationError(message: string): ApiError {
  return new ApiError("ValidationException", message);
}

/** What an unexpected failure of the backend itself looks like from outside: no detail leaks. */
export function internalFailure(): ApiError {
  return new ApiError("InternalFailure", "The request processing has failed because of an unknown error.", 500);
}

/** Any thrown value as an {@link ApiError}; `undefined` for those that the HTTP front answers itself. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : internalFailure();
}
