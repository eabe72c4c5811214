/** Settings of happy-dom's windows that load nothing: the test starts the client by itself. */
export const windowSettings = {
  disableJavaScriptFileLoading: true,
  disableCSSFileLoading: true,
  handleDisabledFileLoadingAsSuccess: true,
};
