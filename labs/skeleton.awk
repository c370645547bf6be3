# From a solution to the student's skeleton:
#   //: solution ... is left out,
#   //: skeleton ... its lines, marked with //| , are put in,
#   //: end      ends either.
/^[ \t]*\/\/: solution$/ { inside = "solution"; next }
/^[ \t]*\/\/: skeleton$/ { inside = "skeleton"; next }
/^[ \t]*\/\/: end$/ { inside = ""; next }
inside == "solution" { next }
inside == "skeleton" { sub(/\/\/\| /, "") }
{ print }
