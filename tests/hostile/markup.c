/*
 * Prints what a browser would obey, if a report let it: elements, scripts, images from elsewhere.
 *
 * outcome: lab-garbage
 */
enum decision
set_control_registers(const struct guest *guest)
{
	(void)guest;
	lab_printf("</pre></dd></details></body><script>document.title = 'owned'</script>\n");
	lab_printf("<img src=\"http://127.0.0.1:9/seen\" onerror=\"document.title = 'owned'\">\n");
	lab_printf("--><style>* { display: none }</style>]]>&#60;b&#62;&lt;b&gt;<details open>");
	return (enum decision)77;
}
