// Command model is a model behind HTTP with MLflow's scoring protocol: /ping says that it is there, and /invocations
// answers each row with the sum of its numbers. MODEL_VERSION comes back in a header, so that a test sees which of
// several served it.
package main

import (
	"cmp"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"time"
)

// request holds the forms in which rows may come.
type request struct {
	Inputs         any `json:"inputs"`
	Instances      any `json:"instances"`
	DataframeSplit struct {
		Data []any `json:"data"`
	} `json:"dataframe_split"`
	DataframeRecords []any `json:"dataframe_records"`
}

func (r request) rows() []any {
	for _, rows := range []any{r.Inputs, r.Instances, r.DataframeSplit.Data, r.DataframeRecords} {
		if rows, ok := rows.([]any); ok && len(rows) > 0 {
			return rows
		}
	}

	return nil
}

// sum adds up every number in a row, however deep.
func sum(value any) float64 {
	total := 0.0

	switch value := value.(type) {
	case float64:
		return value
	case []any:
		for _, element := range value {
			total += sum(element)
		}
	case map[string]any:
		for _, element := range value {
			total += sum(element)
		}
	}

	return total
}

func invoke(w http.ResponseWriter, r *http.Request) {
	var asked request
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}

	predictions := []float64{}
	for _, row := range asked.rows() {
		predictions = append(predictions, sum(row))
	}

	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Model-Version", os.Getenv("MODEL_VERSION"))
	_ = json.NewEncoder(w).Encode(map[string]any{"predictions": predictions})
}

func main() {
	mux := http.NewServeMux()
	for _, path := range []string{"GET /ping", "GET /health", "GET /{$}"} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Model-Version", os.Getenv("MODEL_VERSION"))
			_, _ = w.Write([]byte("\n"))
		})
	}

	mux.HandleFunc("POST /invocations", invoke)

	server := &http.Server{
		Addr:              ":" + cmp.Or(os.Getenv("PORT"), "8080"),
		Handler:           mux,
		ReadHeaderTimeout: 10 * time.Second,
	}
	log.Fatal(server.ListenAndServe())
}
