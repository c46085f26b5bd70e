// Stands for packages that jsPDF would load for HTML and for SVG of its own kind, which nothing here asks of it.

export default null;
