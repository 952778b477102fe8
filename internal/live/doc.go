// Package live holds tests of whole configurations in real clusters: the stack of the guide, every flavor that lives in a
// cluster, and what can go wrong with them. There is nothing in it but tests.
package live
