const path = require('path');

/** Where scripts/react19.mjs installs what package.json beside this file pins. */
const NEWEST = path.resolve(__dirname, '..', '..', '.cache', 'react-19');

/** Takes packages from the second installation, and only what that lacks from the first. */
module.exports = (request, options) => {
  const isPackage = !/^[./]/.test(request) && !options.basedir.startsWith(NEWEST);
  try {
    return options.defaultResolver(request, isPackage ? { ...options, basedir: NEWEST } : options);
  } catch (failure) {
    if (isPackage) {
      return options.defaultResolver(request, options);
    }
    throw failure;
  }
};
