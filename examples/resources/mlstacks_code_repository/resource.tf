resource "mlstacks_code_repository" "git" {
  name = "git"
  git = {
    url = "git@git.example.com:ml/churn.git"
  }
}

resource "mlstacks_code_repository" "github" {
  name = "github"
  github = {
    owner      = "acme"
    repository = "churn"
  }
}

resource "mlstacks_code_repository" "gitlab" {
  name = "gitlab"
  gitlab = {
    group   = "acme/ml"
    project = "churn"
  }
}
