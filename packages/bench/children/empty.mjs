// An ES module that does nothing: what every Node process costs.
export {}
